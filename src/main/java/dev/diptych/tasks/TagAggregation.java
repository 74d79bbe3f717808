package dev.diptych.tasks;

import dev.diptych.tokenization.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes tags of scored tokens, as the token-classification pipeline of transformers does ({@code
 * pipelines/token_classification.py}).
 *
 * @param labels in the order of the scores
 */
record TagAggregation(List<String> labels, TaggingOptions options, Tokenizer tokenizer) {

  /*
   * An entity's text is what all its tokens spell together. The pipeline decodes the text of each word
   * a second time, by which words of SentencePiece lose the spaces between them, and bytes of some
   * letters are no text any more.
   */

  /** A token, or the tokens of a word, with one label. */
  private record Labelled(String label, float score, List<ScoredToken> tokens) {

    /** The label without what tells where an entity begins. */
    String tag() {
      return label.startsWith("B-") || label.startsWith("I-") ? label.substring(2) : label;
    }

    boolean begins() {
      return label.startsWith("B-");
    }
  }

  /** The tags of one window, in the order of its tokens. */
  Stream<Tag> of(List<ScoredToken> tokens) {
    Stream<Tag> tags =
        switch (options.strategy()) {
          case NONE -> tokens.stream().map(this::ofToken);
          case SIMPLE -> entities(tokens.stream().map(this::labelled).toList());
          case FIRST, AVERAGE, MAX -> entities(words(tokens).stream().map(this::word).toList());
        };
    return tags.filter(tag -> !options.ignoredLabels().contains(tag.label()));
  }

  private Tag ofToken(ScoredToken token) {
    return new TokenTag(
        labels.get(token.best()),
        token.bestScore(),
        token.index(),
        token.word(),
        token.start(),
        token.end());
  }

  private Labelled labelled(ScoredToken token) {
    return new Labelled(labels.get(token.best()), token.bestScore(), List.of(token));
  }

  private static List<List<ScoredToken>> words(List<ScoredToken> tokens) {
    List<List<ScoredToken>> words = new ArrayList<>();
    for (ScoredToken token : tokens) {
      if (words.isEmpty() || !token.continuesWord()) {
        words.add(new ArrayList<>());
      }
      words.getLast().add(token);
    }
    return words;
  }

  private Labelled word(List<ScoredToken> tokens) {
    float[] scores =
        switch (options.strategy()) {
          case MAX -> surest(tokens).scores();
          case AVERAGE -> average(tokens);
          case NONE, SIMPLE, FIRST -> tokens.getFirst().scores();
        };
    int best = ScoredToken.best(scores);
    return new Labelled(labels.get(best), scores[best], tokens);
  }

  private static ScoredToken surest(List<ScoredToken> tokens) {
    ScoredToken surest = tokens.getFirst();
    for (ScoredToken token : tokens) {
      surest = token.bestScore() > surest.bestScore() ? token : surest;
    }
    return surest;
  }

  private static float[] average(List<ScoredToken> tokens) {
    float[] sums = new float[tokens.getFirst().scores().length];
    for (ScoredToken token : tokens) {
      for (int label = 0; label < sums.length; label++) {
        sums[label] += token.scores()[label];
      }
    }
    for (int label = 0; label < sums.length; label++) {
      sums[label] /= tokens.size();
    }
    return sums;
  }

  /** Words, or tokens, that follow each other with one tag, of which none but the first begins. */
  private Stream<Tag> entities(List<Labelled> words) {
    List<List<Labelled>> entities = new ArrayList<>();
    for (Labelled word : words) {
      if (entities.isEmpty()
          || word.begins()
          || !word.tag().equals(entities.getLast().getLast().tag())) {
        entities.add(new ArrayList<>());
      }
      entities.getLast().add(word);
    }
    return entities.stream().map(this::entity);
  }

  private Tag entity(List<Labelled> words) {
    String label = words.getFirst().label();
    List<ScoredToken> tokens = words.stream().flatMap(word -> word.tokens().stream()).toList();
    return new EntityTag(
        label.substring(label.indexOf('-') + 1),
        (float) words.stream().mapToDouble(Labelled::score).average().orElse(0),
        tokenizer.joined(tokens.stream().map(ScoredToken::word).toList()),
        tokens.getFirst().start(),
        tokens.getLast().end());
  }

  /**
   * The tags of all windows of a text: of those that overlap the longest, of equally long ones the
   * surest.
   */
  static List<Tag> withoutOverlaps(List<Tag> tags) {
    List<Tag> left = new ArrayList<>();
    for (Tag tag : tags.stream().sorted(Comparator.comparingInt(Tag::start)).toList()) {
      if (left.isEmpty() || !overlap(left.getLast(), tag)) {
        left.add(tag);
      } else if (isBetter(tag, left.getLast())) {
        left.set(left.size() - 1, tag);
      }
    }
    return left;
  }

  private static boolean overlap(Tag earlier, Tag later) {
    return later.start() < earlier.end()
        || (earlier.start() == later.start() && earlier.end() == later.end());
  }

  private static boolean isBetter(Tag tag, Tag other) {
    int length = tag.end() - tag.start();
    int otherLength = other.end() - other.start();
    return length > otherLength || (length == otherLength && tag.score() > other.score());
  }
}
