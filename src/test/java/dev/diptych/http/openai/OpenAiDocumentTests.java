package dev.diptych.http.openai;

import dev.diptych.http.DocumentedExamples;
import dev.diptych.http.HttpCaller;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(classes = OpenAiTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
class OpenAiDocumentTests {

  @LocalServerPort private int port;

  @TestFactory
  Stream<DynamicTest> everyExampleIsAnswered() throws Exception {
    return DocumentedExamples.areAnswered(new HttpCaller(port));
  }
}
