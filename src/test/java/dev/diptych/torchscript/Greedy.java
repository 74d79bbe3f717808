package dev.diptych.torchscript;

import dev.diptych.model.DecoderModel;
import java.util.ArrayList;
import java.util.List;

/** Greedy decoding of one sequence, straight on the port. */
final class Greedy {

  private Greedy() {}

  static List<Integer> generate(DecoderModel model, int[] prompt, int length) {
    float[] logits = new float[model.vocabularySize()];
    model.prefill(0, 0, prompt, 1, logits);
    List<Integer> produced = new ArrayList<>();
    produced.add(argmax(logits));
    while (produced.size() < length) {
      int position = prompt.length + produced.size() - 1;
      model.decode(1, new int[] {1}, new int[] {produced.getLast()}, new int[] {position}, logits);
      produced.add(argmax(logits));
    }
    return produced;
  }

  static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
