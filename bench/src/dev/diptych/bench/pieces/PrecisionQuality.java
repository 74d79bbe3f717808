package dev.diptych.bench.pieces;

import dev.diptych.bench.MarkedSection;
import dev.diptych.model.DecoderModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What each precision costs SmolLM2 in quality, on English text of this repository: perplexity, how
 * often the most probable token is that of float32, and the distance of its logits from float32's.
 */
public final class PrecisionQuality {

  private static final int WINDOW = 512; // tokens that are seen together
  private static final List<Path> TEXTS = List.of(Path.of("LICENSE"), Path.of("docs/decisions.md"));

  /**
   * A row of the table.
   *
   * @param agreement share of positions whose most probable token is that of float32
   * @param medianError of all positions, of the root mean square difference between their logits
   */
  private record Figures(double perplexity, double agreement, double medianError) {}

  private PrecisionQuality() {}

  /** Prints the table, and writes it into the document that {@code --document} names. */
  public static void main(String[] arguments) throws IOException {
    PieceOptions options = PieceOptions.parse(List.of(arguments));
    options.settings().stream()
        .map(setting -> setting.substring(2).split("=", 2))
        .forEach(setting -> System.setProperty(setting[0], setting[1]));
    StringBuilder text = new StringBuilder();
    for (Path file : TEXTS) {
      text.append(Files.readString(file));
    }
    float[][] reference = {};
    StringBuilder table =
        new StringBuilder("| precision | perplexity | greedy agreement | error |\n");
    table.append("|---|--:|--:|--:|\n");
    for (String precision : List.of("float32", "float16", "bfloat16", "int8")) {
      System.setProperty("diptych.models.precision", precision);
      try (DefaultModels models = new DefaultModels()) {
        int[] ids = models.tokenizer(DefaultModels.SMOLLM2).encode(text.toString(), false);
        ids = Arrays.copyOf(ids, ids.length / WINDOW * WINDOW);
        float[][] logits = logits(models, ids);
        reference = reference.length == 0 ? logits : reference;
        Figures figures = compare(ids, logits, reference);
        table.append(
            "| %s | %.2f | %.1f %% | %.3f |%n"
                .formatted(
                    precision,
                    figures.perplexity(),
                    100 * figures.agreement(),
                    figures.medianError()));
        if ("int8".equals(precision)) {
          table.append("%n%d tokens; commit %s.%n".formatted(ids.length, options.commit()));
        }
      }
    }
    System.out.print(table);
    if (options.document() != null) {
      MarkedSection.replace(options.document(), "quality", table.toString());
    }
  }

  /** A row for each token, whose window begins anew at every multiple of its length. */
  private static float[][] logits(DefaultModels models, int[] ids) {
    float[][] rows = new float[ids.length][];
    try (DecoderModel model = models.decoder(DefaultModels.SMOLLM2)) {
      int vocabulary = model.vocabularySize();
      model.reserve(1, WINDOW);
      float[] window = new float[WINDOW * vocabulary];
      for (int begin = 0; begin < ids.length; begin += WINDOW) {
        model.prefill(0, 0, Arrays.copyOfRange(ids, begin, begin + WINDOW), WINDOW, window);
        for (int i = 0; i < WINDOW; i++) {
          rows[begin + i] = Arrays.copyOfRange(window, i * vocabulary, (i + 1) * vocabulary);
        }
      }
    }
    return rows;
  }

  private static Figures compare(int[] ids, float[][] logits, float[][] reference) {
    double[] errors = new double[ids.length];
    double surprise = 0;
    int predicted = 0;
    int agreed = 0;
    for (int i = 0; i < ids.length; i++) {
      errors[i] = distance(logits[i], reference[i]);
      agreed += largest(logits[i]) == largest(reference[i]) ? 1 : 0;
      if ((i + 1) % WINDOW != 0) {
        surprise += logSumExp(logits[i]) - logits[i][ids[i + 1]];
        predicted++;
      }
    }
    Arrays.sort(errors);
    return new Figures(
        Math.exp(surprise / predicted), agreed / (double) ids.length, errors[ids.length / 2]);
  }

  private static int largest(float[] row) {
    int largest = 0;
    for (int i = 1; i < row.length; i++) {
      largest = row[i] > row[largest] ? i : largest;
    }
    return largest;
  }

  private static double logSumExp(float[] row) {
    double largest = row[largest(row)];
    double sum = 0;
    for (float value : row) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum);
  }

  private static double distance(float[] row, float[] other) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      double difference = row[i] - other[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum / row.length);
  }
}
