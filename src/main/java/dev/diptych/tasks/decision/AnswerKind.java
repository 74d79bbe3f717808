package dev.diptych.tasks.decision;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a decoder is asked to answer with. */
enum AnswerKind {

  /** One word of two. */
  YES_OR_NO("Answer with yes or no only.") {
    @Override
    List<List<String>> spellings() {
      return List.of(List.of("Yes", "yes"), List.of("No", "no"));
    }
  },

  /** The letter of an option. */
  LETTER("Answer with the letter only.") {
    @Override
    List<List<String>> spellings() {
      return Stream.concat(letters('A'), letters('a')).map(List::of).toList();
    }
  },

  /** A code of one or two letters, where there are more options than letters. */
  CODE("Answer with the code only.") {
    @Override
    List<List<String>> spellings() {
      Stream<String> pairs =
          letters('A').flatMap(first -> letters('A').map(second -> first + second));
      return Stream.of(letters('A'), pairs, letters('a'))
          .flatMap(codes -> codes)
          .map(List::of)
          .toList();
    }
  },

  /** The number of a level. */
  NUMBER("Answer with the number only.") {
    @Override
    List<List<String>> spellings() {
      return IntStream.range(0, Question.MAX_LEVELS)
          .mapToObj(level -> List.of(String.valueOf(level)))
          .toList();
    }
  };

  private static final int LETTERS = 26;

  private final String request;

  AnswerKind(String request) {
    this.request = request;
  }

  /** That of a question. */
  static AnswerKind of(Question question) {
    return switch (question) {
      case Question.Predicate _ -> YES_OR_NO;
      case Question.Choice choice -> choice.size() <= 2 * LETTERS ? LETTER : CODE;
      case Question.Score _ -> NUMBER;
    };
  }

  /** The last line of the prompt. */
  String request() {
    return request;
  }

  /** For each label its spellings, the first of which stands in the prompt. */
  abstract List<List<String>> spellings();

  private static Stream<String> letters(char first) {
    return IntStream.range(0, LETTERS).mapToObj(i -> String.valueOf((char) (first + i)));
  }
}
