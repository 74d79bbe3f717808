package dev.diptych.tokenization;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.diptych.InvalidInput;
import dev.diptych.checkpoint.InvalidCheckpoint;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's own tokenizer library behind {@link Tokenizer}.
 *
 * <p>Encoding costs about 2 µs a token and 0.7 s a megabyte; callers limit the length, and {@link
 * TextWorkers} do it where the caller is a virtual thread. Token ids of ASCII text do not need the
 * library where {@link AsciiWordPiece} has them.
 */
final class NativeTokenizer implements Tokenizer, AutoCloseable {

  /*
   * Only the calls that report errors as exceptions are used: the library's batch calls and
   * decode(null) abort the process. Every call holds the read lock, so that closing waits for it.
   */

  private static final List<String> MASKS = List.of("[MASK]", "<mask>");
  private static final List<String> PADDINGS = List.of("[PAD]", "<pad>");

  private final long handle;
  private final Vocabulary vocabulary;
  private final OptionalInt maskId;
  private final OptionalInt paddingId;
  private final OptionalInt endId;
  private final FewestTokens fewest;
  private final boolean cleansUpSpaces;
  private final Spelling decoded;
  private final @Nullable AsciiWordPiece ascii;
  private final TextWorkers workers = TextWorkers.shared();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private NativeTokenizer(long handle, TokenizerFiles files) {
    this.handle = handle;
    this.vocabulary = files.definition().vocabulary();
    this.maskId = special(files.specialToken("mask_token"), MASKS);
    this.paddingId = special(files.specialToken("pad_token"), PADDINGS);
    this.endId = special(files.specialToken("eos_token"), List.of());
    this.fewest = new FewestTokens(TokenCapacity.of(files.definition()));
    this.cleansUpSpaces = files.cleansUpSpaces();
    this.decoded = TextSteps.decoded(files.definition());
    this.ascii = AsciiWordPiece.of(files, vocabulary, text -> encodeByLibrary(text, true));
  }

  static NativeTokenizer load(TokenizerFiles files) throws IOException {
    TokenizerDefinition.check(files.definition().parts());
    String definition = files.definition().json(PostProcessor.of(files));
    LibUtils.checkStatus();
    try {
      return new NativeTokenizer(
          TokenizersLibrary.LIB.createTokenizerFromString(definition), files);
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
    String wellFormed = WellFormed.of(text);
    return withEncoding(
        text.length(),
        handle -> TokenizersLibrary.LIB.encode(handle, wellFormed, addSpecialTokens),
        encoding -> toInts(TokenizersLibrary.LIB.getTokenIds(encoding)));
  }

  @Override
  public Encoding encodePair(String first, String second, boolean addSpecialTokens) {
    String wellFormedFirst = WellFormed.of(first);
    String wellFormedSecond = WellFormed.of(second);
    return withEncoding(
        first.length() + second.length(),
        handle ->
            TokenizersLibrary.LIB.encodeDual(
                handle, wellFormedFirst, wellFormedSecond, addSpecialTokens),
        encoding -> read(encoding, first, second));
  }

  @Override
  public Encoding encodeWithOffsets(String text, boolean addSpecialTokens) {
    String wellFormed = WellFormed.of(text);
    return withEncoding(
        text.length(),
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
    return workers.run(known.length, () -> decode(known, skipSpecialTokens));
  }

  private String decode(long[] ids, boolean skipSpecialTokens) {
    lock.readLock().lock();
    try {
      String text = TokenizersLibrary.LIB.decode(handle(), ids, skipSpecialTokens);
      return cleansUpSpaces ? SpaceCleanUp.apply(text) : text;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public TokenBytes tokenBytes(int vocabularySize) {
    byte[] @Nullable [] bytes = new byte[vocabularySize][];
    Map<String, Integer> special = new HashMap<>();
    for (int id = 0; id < Math.min(vocabularySize, vocabulary.size()); id++) {
      String token = vocabulary.token(id);
      if (token != null && vocabulary.isSpecial(id)) {
        special.put(token, id);
      } else if (token != null) {
        bytes[id] = decoded.bytes(token);
      }
    }
    return new TokenBytes(bytes, special);
  }

  @Override
  public int fewestTokens(String text) {
    return fewest.of(text);
  }

  @Override
  public String beginning(String text, int tokens) {
    return fewest.beginning(text, tokens);
  }

  @Override
  public String ending(String text, int tokens) {
    return fewest.ending(text, tokens);
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

  @Override
  public OptionalInt endId() {
    return endId;
  }

  private interface Encode {
    long apply(long tokenizerHandle);
  }

  private <T> T withEncoding(int characters, Encode encode, LongFunction<T> read) {
    return workers.run(characters, () -> withEncoding(encode, read));
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
    return handle;
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
      if (!closed) {
        closed = true;
        TokenizersLibrary.LIB.deleteTokenizer(handle);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
