package dev.diptych.tokenization;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.diptych.InvalidInput;
import dev.diptych.checkpoint.InvalidCheckpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's own tokenizer library behind {@link Tokenizer}.
 *
 * <p>Encoding costs about 2 µs a token and 0.7 s a megabyte; callers limit the length. Token ids of
 * ASCII text do not need the library where {@link AsciiWordPiece} has them.
 */
final class NativeTokenizer implements Tokenizer, AutoCloseable {

  /*
   * Only the calls that report errors as exceptions are used: the library's batch calls and
   * decode(null) abort the process. Every call holds the read lock, so that closing waits for it.
   */

  private static final Map<String, String> NO_CUTTING_NO_PADDING =
      Map.of("truncation", "false", "padding", "false");
  private static final List<String> MASKS = List.of("[MASK]", "<mask>");
  private static final List<String> PADDINGS = List.of("[PAD]", "<pad>");

  private final HuggingFaceTokenizer tokenizer;
  private final Vocabulary vocabulary;
  private final OptionalInt maskId;
  private final OptionalInt paddingId;
  private final boolean cleansUpSpaces;
  private final @Nullable AsciiWordPiece ascii;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private NativeTokenizer(
      HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, TokenizerFiles files) {
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.maskId = special(files.specialToken("mask_token"), MASKS);
    this.paddingId = special(files.specialToken("pad_token"), PADDINGS);
    this.cleansUpSpaces = files.cleansUpSpaces();
    this.ascii = AsciiWordPiece.of(files, vocabulary, text -> encodeByLibrary(text, true));
  }

  static NativeTokenizer load(TokenizerFiles files) throws IOException {
    TokenizerDefinition.check(files.definition());
    Vocabulary vocabulary = Vocabulary.of(files);
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(files.definitionBytes()), NO_CUTTING_NO_PADDING);
      return new NativeTokenizer(tokenizer, vocabulary, files);
    } catch (RuntimeException e) {
      throw new InvalidCheckpoint(
          "%s/tokenizer.json was refused: %s".formatted(files.folder(), e.getMessage()), e);
    }
  }

  /* Model classes have a usual name for the token where the folder does not give one. */
  private OptionalInt special(@Nullable String named, List<String> usual) {
    if (named != null) {
      return vocabulary.id(named);
    }
    return usual.stream()
        .map(vocabulary::id)
        .filter(id -> id.isPresent() && vocabulary.isSpecial(id.getAsInt()))
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    int[] ids = ascii == null ? null : ascii.encode(text, addSpecialTokens);
    return ids == null ? encodeByLibrary(text, addSpecialTokens) : ids;
  }

  private int[] encodeByLibrary(String text, boolean addSpecialTokens) {
    String wellFormed = wellFormed(text);
    return withEncoding(
        handle -> TokenizersLibrary.LIB.encode(handle, wellFormed, addSpecialTokens),
        encoding -> toInts(TokenizersLibrary.LIB.getTokenIds(encoding)));
  }

  @Override
  public Encoding encodePair(String first, String second, boolean addSpecialTokens) {
    String wellFormedFirst = wellFormed(first);
    String wellFormedSecond = wellFormed(second);
    return withEncoding(
        handle ->
            TokenizersLibrary.LIB.encodeDual(
                handle, wellFormedFirst, wellFormedSecond, addSpecialTokens),
        encoding -> read(encoding, first, second));
  }

  @Override
  public Encoding encodeWithOffsets(String text, boolean addSpecialTokens) {
    String wellFormed = wellFormed(text);
    return withEncoding(
        handle -> TokenizersLibrary.LIB.encode(handle, wellFormed, addSpecialTokens),
        encoding -> read(encoding, text, ""));
  }

  private static Encoding read(long encoding, String first, String second) {
    int[] ids = toInts(TokenizersLibrary.LIB.getTokenIds(encoding));
    int[] typeIds = toInts(TokenizersLibrary.LIB.getTypeIds(encoding));
    long[] sequences = TokenizersLibrary.LIB.getSequenceIds(encoding);
    @Nullable CharSpan[] spans = TokenizersLibrary.LIB.getTokenCharSpans(encoding);
    CharacterOffsets offsetsOfFirst = new CharacterOffsets(first);
    CharacterOffsets offsetsOfSecond = new CharacterOffsets(second);
    int[] starts = new int[ids.length];
    int[] ends = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      CharSpan span = spans[i];
      CharacterOffsets offsets = sequences[i] == 1 ? offsetsOfSecond : offsetsOfFirst;
      starts[i] = span == null ? -1 : offsets.unit(span.getStart());
      ends[i] = span == null ? -1 : offsets.unit(span.getEnd());
    }
    return new Encoding(ids, typeIds, starts, ends);
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    long[] known =
        Arrays.stream(ids).filter(id -> vocabulary.token(id) != null).asLongStream().toArray();
    lock.readLock().lock();
    try {
      String text = TokenizersLibrary.LIB.decode(handle(), known, skipSpecialTokens);
      return cleansUpSpaces ? SpaceCleanUp.apply(text) : text;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public @Nullable String token(int id) {
    return vocabulary.token(id);
  }

  @Override
  public OptionalInt id(String token) {
    return vocabulary.id(token);
  }

  @Override
  public boolean isSpecial(int id) {
    return vocabulary.isSpecial(id);
  }

  @Override
  public OptionalInt maskId() {
    return maskId;
  }

  @Override
  public OptionalInt paddingId() {
    return paddingId;
  }

  private interface Encode {
    long apply(long tokenizerHandle);
  }

  private <T> T withEncoding(Encode encode, LongFunction<T> read) {
    lock.readLock().lock();
    try {
      long encoding = encodeOrRefuse(encode);
      try {
        return read.apply(encoding);
      } finally {
        TokenizersLibrary.LIB.deleteEncoding(encoding);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  private long encodeOrRefuse(Encode encode) {
    long handle = handle();
    try {
      return encode.apply(handle);
    } catch (RuntimeException e) {
      throw new InvalidInput(
          InvalidInput.Kind.TOKENIZER,
          "the tokenizer cannot encode the text: %s".formatted(e.getMessage()));
    }
  }

  private long handle() {
    if (closed) {
      throw new IllegalStateException("the tokenizer is closed");
    }
    return Objects.requireNonNull(tokenizer.getHandle());
  }

  /* A lone surrogate would make the library misread every character beyond the BMP in the text. */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return replaceLoneSurrogates(text);
      }
    }
    return text;
  }

  private static String replaceLoneSurrogates(String text) {
    return text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static int[] toInts(long[] values) {
    int[] ints = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      ints[i] = (int) values[i];
    }
    return ints;
  }

  /** Waits for running calls, then frees the native memory. Later calls are refused. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      tokenizer.close();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
