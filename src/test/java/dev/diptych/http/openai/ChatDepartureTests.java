package dev.diptych.http.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Served;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Clients that leave in the middle of their answers. */
@Timeout(60)
@SpringBootTest(
    classes = OpenAiTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "diptych.generation.heartbeat=100ms")
class ChatDepartureTests {

  private static final int CLIENTS = 20;

  @LocalServerPort private int port;
  @Autowired private FakeDecoder decoder;
  @Autowired private Served<TextGenerator> served;

  @AfterEach
  void runFreely() {
    decoder.release();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          /v1/chat/completions | 1 | {'messages':[{'role':'user','content':'a'}],'max_tokens':900,'stream':true}
          /v1/chat/completions | 1 | {'messages':[{'role':'user','content':'a'}],'max_tokens':900,'n':2}
          /v1/completions      | 2 | {'prompt':['a','b'],'max_tokens':900,'stream':true}
          /v1/completions      | 2 | {'prompt':['a','b'],'max_tokens':900}
          /v1/responses        | 1 | {'input':'a','max_output_tokens':900,'stream':true}
          """)
  void leaveNoGenerationBehind(String path, int generations, String body) throws Exception {
    decoder.byHand();
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(send(path, body.replace('\'', '"')));
    }
    while (served.engine().activeGenerations() < CLIENTS * generations) {
      Thread.onSpinWait();
    }
    decoder.step(3);

    for (Socket client : clients) {
      client.close();
    }

    while (served.engine().activeGenerations() > 0) {
      decoder.step(1); // what is cancelled ends between two steps
      Thread.onSpinWait();
    }
    assertThat(served.engine().activeGenerations()).isZero();
  }

  private Socket send(String path, String body) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
    client
        .getOutputStream()
        .write(
            "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(path, body.length(), body)
                .getBytes(UTF_8));
    return client;
  }
}
