package dev.diptych.http.decisions;

import dev.diptych.tasks.decision.Question;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A question of a request.
 *
 * @param id which the model does not see
 * @param levels of a score as they were given, to be given back; empty for others
 */
record Asked(String id, Question question, List<JsonNode> levels) {

  Asked {
    levels = List.copyOf(levels);
  }

  /** What is asked, in the same order. */
  static List<Question> questions(List<Asked> asked) {
    return asked.stream().map(Asked::question).toList();
  }
}
