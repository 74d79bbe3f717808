package dev.diptych.http.decisions;

import dev.diptych.Excerpt;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * What is wrong with one value of a request.
 *
 * @param loc where it is: {@code body}, then the names and indexes that lead to it
 * @param msg what is wrong
 * @param type what programs tell problems apart by
 */
@Schema(name = "DecisionProblem")
record Problem(
    @Schema(example = "[\"body\", \"questions\", \"team\", \"type\"]") List<Object> loc,
    @Schema(example = "must be noul, choice or score") String msg,
    @Schema(example = "literal_error") String type) {

  Problem {
    loc = List.copyOf(loc);
    msg = Excerpt.of(msg);
  }
}
