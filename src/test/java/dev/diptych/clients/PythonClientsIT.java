package dev.diptych.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.service.RunningDiptych;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The clients of Python against the service, each in a script of {@code src/test/python}. Without
 * python3 or a package index they are left out, unless {@code CI=true}.
 */
class PythonClientsIT {

  private static final Path ENVIRONMENT = Path.of("target", "clients-venv");
  private static final Path PYTHON = ENVIRONMENT.resolve("bin/python");
  private static final Path SCRIPTS = Path.of("src/test/python");

  @BeforeAll
  static void install() throws Exception {
    Output output = prepare();
    if (output.status != 0) {
      String reason = "the clients of Python could not be installed: " + output.text;
      assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
      System.err.println("Left out: " + reason);
      Assumptions.abort(reason);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai_client.py", "huggingface_client.py"})
  void worksUnchanged(String script) throws Exception {
    passes(script, RunningDiptych.withDefaults());
  }

  @Test
  void tasksOfHuggingFaceWorkUnchanged() throws Exception {
    String families = "src/test/resources/families/";
    try (RunningDiptych service =
        RunningDiptych.start(
            "tasks",
            "diptych.models.generate=",
            "diptych.models.fill-mask=",
            "diptych.models.embed=src/test/resources/checkpoints/bert",
            "diptych.models.tag=" + families + "bert-ner",
            "diptych.models.answer=" + families + "bert-squad",
            "diptych.models.classify=" + families + "deberta-nli",
            "diptych.models.precision=float32")) {
      passes("huggingface_tasks_client.py", service.awaitReady());
    }
  }

  private static void passes(String script, RunningDiptych service) throws Exception {
    String address = "http://127.0.0.1:" + service.port();

    Output output = run(PYTHON.toString(), SCRIPTS.resolve(script).toString(), address);

    assertThat(output.status).as(output.text).isZero();
    assertThat(output.text).endsWith("all answered\n");
  }

  private static Output prepare() throws InterruptedException {
    try {
      Path stamp = ENVIRONMENT.resolve("requirements.txt");
      Path requirements = SCRIPTS.resolve("requirements.txt");
      if (Files.exists(stamp) && Files.mismatch(stamp, requirements) < 0) {
        return new Output(0, "");
      }
      Output made = run("python3", "-m", "venv", ENVIRONMENT.toString());
      if (made.status != 0) {
        return made;
      }
      Output installed =
          run(PYTHON.toString(), "-m", "pip", "install", "-q", "-r", requirements.toString());
      if (installed.status == 0) {
        Files.copy(requirements, stamp);
      }
      return installed;
    } catch (IOException e) {
      return new Output(1, e.toString());
    }
  }

  private static Output run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Output(process.waitFor(), text);
  }

  private record Output(int status, String text) {}
}
