package dev.diptych.bench.memory;

import dev.diptych.bench.Machine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that was found about memory.
 *
 * @param machine what it was found on, by label
 * @param failures the models and precisions that could not be served, with the reasons
 */
record MemoryReport(
    Instant date, Map<String, String> machine, List<MemoryFigure> figures, List<String> failures) {

  MemoryReport {
    figures = List.copyOf(figures);
    failures = List.copyOf(failures);
  }

  String json() {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
  }

  /** The figures as a table in MiB, above it what its columns mean. */
  String markdown() {
    return """
    %s%s

    Each row is a service of its own that has only this model; all numbers are MiB.

    - **Weights** are the files in the store, which every precision is made from.
    - **Ready** is what the process has in RAM when the model can answer.
    - **In use** is the same after the first requests: a decoder's are three rounds of an answer of 64 tokens, a prompt of 512 tokens and eight answers at once; an encoder's are three rounds of a short and a long request.
    - **Anonymous** is the part of it that belongs to no file: the weights packed for their kernels, the Java heap, keys and values, the kernels' own buffers.
    - **File** is the part of it that is mapped from files and can be dropped by the system at any time: the weights in the store, libraries, the cache of classes.
    - **Peak** is the most that was ever in RAM, which loading decides.

    | model | precision | weights | ready | in use | anonymous | file | peak |
    |---|---|--:|--:|--:|--:|--:|--:|
    %s
    """
        .formatted(
            Machine.sentence(date, machine),
            failures.stream()
                .map(failure -> "\n- Failed: " + failure)
                .collect(Collectors.joining()),
            figures.stream().map(MemoryReport::row).collect(Collectors.joining("\n")));
  }

  private static String row(MemoryFigure figure) {
    return "| %s | %s | %s | %d | %d | %d | %d | %d |"
        .formatted(
            figure.model(),
            figure.precision(),
            figure.weights() > 0 ? Long.toString(mebibytes(figure.weights())) : "",
            mebibytes(figure.ready().resident()),
            mebibytes(figure.used().resident()),
            mebibytes(figure.used().anonymous()),
            mebibytes(figure.used().file()),
            mebibytes(figure.used().peak()));
  }

  private static long mebibytes(long bytes) {
    return Math.round(bytes / (double) (1 << 20));
  }
}
