package dev.diptych.http.huggingface;

import dev.diptych.http.DocumentedExamples;
import dev.diptych.http.HttpCaller;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
    classes = HuggingFaceTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT)
class HuggingFaceDocumentTests {

  @LocalServerPort private int port;

  @TestFactory
  Stream<DynamicTest> everyExampleIsAnswered() throws Exception {
    return DocumentedExamples.areAnswered(new HttpCaller(port));
  }
}
