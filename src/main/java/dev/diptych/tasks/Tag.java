package dev.diptych.tasks;

/** What a tagger says of a part of a text. */
public sealed interface Tag permits TokenTag, EntityTag {

  /** The label. */
  String label();

  /** Its probability. */
  float score();

  /** The code point of the text at which the part begins. */
  int start();

  /** One past its last code point. */
  int end();
}
