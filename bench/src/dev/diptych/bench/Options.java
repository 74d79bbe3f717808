package dev.diptych.bench;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a run shall do.
 *
 * @param quick small workloads and two rounds, which show that everything works
 * @param rounds counted rounds
 * @param jar the packaged service
 * @param address a service that runs already, measured instead of the jar
 * @param precisions the service is started once for each of these
 * @param settings of the service, beside the precision
 * @param only workloads whose title contains it
 * @param peers whether peers are measured too
 * @param transformers whether Hugging Face transformers is one of them
 * @param cache where the GGUF files of the peers lie
 * @param results the folder that gets the reports
 * @param document whose marked section gets the results
 * @param commit of the service
 */
record Options(
    boolean quick,
    int rounds,
    @Nullable Path jar,
    @Nullable URI address,
    List<String> precisions,
    ServiceSettings settings,
    Pattern only,
    boolean peers,
    boolean transformers,
    Path cache,
    Path results,
    @Nullable Path document,
    String commit) {

  /** The weights that llama.cpp gets, such as {@code Q8_0}; they may be missing. */
  Path gguf(String quantisation) {
    return cache.resolve("smollm2-135m-instruct-" + quantisation + ".gguf");
  }

  static Options parse(List<String> arguments) {
    boolean quick = false;
    int rounds = 0;
    Path jar = null;
    URI address = null;
    List<String> precisions = List.of("auto");
    List<String> serviceArguments = List.of();
    Pattern only = Pattern.compile("");
    boolean peers = true;
    boolean transformers = false;
    Path cache = Path.of("bench/.cache");
    Path results = Path.of("bench/results");
    Path document = null;
    String commit = "unknown";
    CommandLine line = new CommandLine(arguments);
    while (line.hasNext()) {
      String option = line.next();
      switch (option) {
        case "--quick" -> quick = true;
        case "--no-peers" -> peers = false;
        case "--transformers" -> transformers = true;
        case "--rounds" -> rounds = Integer.parseInt(line.valueOf(option));
        case "--jar" -> jar = Path.of(line.valueOf(option));
        case "--address" -> address = URI.create(line.valueOf(option));
        case "--precisions" -> precisions = List.of(line.valueOf(option).split(","));
        case "--only" -> only = Pattern.compile(line.valueOf(option));
        case "--cache" -> cache = Path.of(line.valueOf(option));
        case "--results" -> results = Path.of(line.valueOf(option));
        case "--document" -> document = Path.of(line.valueOf(option));
        case "--commit" -> commit = line.valueOf(option);
        case "--" -> serviceArguments = line.rest();
        default -> throw new IllegalArgumentException("Unknown option " + option);
      }
    }
    if (jar == null && address == null) {
      throw new IllegalArgumentException("Neither --jar nor --address is given");
    }
    return new Options(
        quick,
        rounds > 0 ? rounds : quick ? 2 : 5,
        jar,
        address,
        precisions,
        new ServiceSettings(serviceArguments),
        only,
        peers,
        transformers,
        cache,
        results,
        document,
        commit);
  }
}
