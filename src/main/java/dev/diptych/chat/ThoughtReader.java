package dev.diptych.chat;

import java.util.function.Consumer;

/**
 * Separates what a model thinks from the rest of its answer: what is between the marks, if the
 * prompt or the answer begins with the first.
 */
final class ThoughtReader {

  private enum Place {
    BEGINNING,
    THOUGHT,
    BEHIND_THOUGHT,
    REST
  }

  private final ReasoningMarks marks;
  private final AnswerParts parts;
  private final Consumer<String> rest;
  private final HeldMark held = new HeldMark();
  private Place place;
  private boolean hasThought;

  /**
   * A reader of an answer.
   *
   * @param opened whether the answer begins inside of a thought
   * @param rest takes the rest
   */
  ThoughtReader(ReasoningMarks marks, boolean opened, AnswerParts parts, Consumer<String> rest) {
    this.marks = marks;
    this.place = opened ? Place.THOUGHT : Place.BEGINNING;
    this.parts = parts;
    this.rest = rest;
  }

  void accept(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (place == Place.REST) {
        rest.accept(text.substring(i));
        return;
      }
      accept(text.charAt(i));
    }
  }

  private void accept(char c) {
    switch (place) {
      case BEGINNING -> atBeginning(c);
      case THOUGHT -> inThought(c);
      case BEHIND_THOUGHT -> {
        if (!Character.isWhitespace(c)) {
          place = Place.REST;
          rest.accept(String.valueOf(c));
        }
      }
      case REST -> rest.accept(String.valueOf(c));
    }
  }

  private void atBeginning(char c) {
    String free = held.accept(c, marks.open());
    if (held.is(marks.open())) {
      held.take();
      place = Place.THOUGHT;
    } else if (!free.isEmpty()) {
      place = Place.REST;
      rest.accept(free);
      rest.accept(held.take());
    }
  }

  /* The spaces around a thought are none of it. */
  private void inThought(char c) {
    String free = held.accept(c, marks.close());
    if (!free.isEmpty()) {
      parts.reasoning(hasThought ? free : free.stripLeading());
      hasThought = true;
    }
    if (held.is(marks.close())) {
      held.take();
      place = Place.BEHIND_THOUGHT;
    }
  }

  void finish() {
    switch (place) {
      case BEGINNING -> rest.accept(held.take());
      case THOUGHT -> {
        if (!held.isBlank()) {
          parts.reasoning(held.take());
        }
      }
      case BEHIND_THOUGHT, REST -> {}
    }
  }
}
