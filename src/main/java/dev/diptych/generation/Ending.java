package dev.diptych.generation;

import java.util.List;

/**
 * What ends an answer before it has as many tokens as were asked for.
 *
 * @param stop texts that end it
 * @param keepStop whether the text that ended it stays at its end
 * @param ignoreEndOfText whether it goes on where the model would end it
 */
public record Ending(List<String> stop, boolean keepStop, boolean ignoreEndOfText) {

  /** Where the model ends it. */
  public static final Ending BY_THE_MODEL = new Ending(List.of(), true, false);

  public Ending {
    stop = List.copyOf(stop);
  }
}
