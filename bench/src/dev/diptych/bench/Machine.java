package dev.diptych.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the machine is, by label. */
public final class Machine {

  private static final List<String> TELLING_FLAGS =
      List.of("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8");

  private Machine() {}

  /**
   * The facts that results depend on.
   *
   * @param commit of the service, or what is known of it
   */
  public static Map<String, String> describe(String commit) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("CPU", field("/proc/cpuinfo", "model name"));
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("instructions", instructions());
    facts.put("memory", memory());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("load before the run", firstLine("/proc/loadavg"));
    facts.put("Java", Runtime.version().toString());
    facts.put("commit", commit);
    return facts;
  }

  /** Says when and on what a run took place. */
  public static String sentence(Instant date, Map<String, String> machine) {
    return "Run of %s. %s."
        .formatted(
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(date),
            machine.entrySet().stream()
                .map(fact -> fact.getKey() + ": " + fact.getValue())
                .collect(Collectors.joining("; ")));
  }

  private static String instructions() {
    List<String> flags = new ArrayList<>(List.of(field("/proc/cpuinfo", "flags").split(" ")));
    flags.retainAll(TELLING_FLAGS);
    return flags.stream().distinct().collect(Collectors.joining(", "));
  }

  private static String memory() {
    String total = field("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
    return total.isEmpty() ? "unknown" : Math.round(Long.parseLong(total) / 1e6) + " GB";
  }

  private static String field(String file, String label) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(label))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException _) {
      return "unknown";
    }
  }

  private static String firstLine(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException _) {
      return "unknown";
    }
  }
}
