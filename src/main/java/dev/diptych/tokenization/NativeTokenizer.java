package dev.diptych.tokenization;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.diptych.checkpoint.InvalidCheckpoint;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
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

  private static final List<String> MASKS = List.of("[MASK]", "<mask>");
  private static final List<String> PADDINGS = List.of("[PAD]", "<pad>");
  private static final List<String> CLASSES = List.of("[CLS]", "<s>");
  private static final List<String> UNKNOWNS = List.of("[UNK]", "<unk>");

  private final NativeHandle handle;
  private final Vocabulary vocabulary;
  private final OptionalInt maskId;
  private final OptionalInt paddingId;
  private final OptionalInt endId;
  private final OptionalInt clsId;
  private final OptionalInt unknownId;
  private final OptionalInt usualMaxTokens;
  private final String continuingPrefix;
  private final EntryDecoder decoder;
  private final FewestTokens fewest;
  private final boolean cleansUpSpaces;
  private final boolean tellsSegments;
  private final Spelling decoded;
  private final @Nullable AsciiWordPiece ascii;
  private final TextWorkers workers = TextWorkers.shared();
  private final List<AddedToken> added;
  private final Respelling respelling;

  private NativeTokenizer(NativeHandle handle, TokenizerFiles files) {
    this.handle = handle;
    this.vocabulary = files.definition().vocabulary();
    this.maskId = special(files.specialToken("mask_token"), MASKS);
    this.paddingId = special(files.specialToken("pad_token"), PADDINGS);
    this.endId = special(files.specialToken("eos_token"), List.of());
    this.clsId = special(files.specialToken("cls_token"), CLASSES);
    this.unknownId = special(files.specialToken("unk_token"), UNKNOWNS);
    this.usualMaxTokens = files.maxTokens();
    this.continuingPrefix =
        files.definition().part("model").path("continuing_subword_prefix").stringValue("");
    this.decoder = EntryDecoder.of(files.definition().part("decoder"));
    this.fewest = new FewestTokens(TokenCapacity.of(files.definition()));
    this.added = files.definition().added();
    this.respelling = new Respelling(files.folder());
    this.cleansUpSpaces = files.cleansUpSpaces();
    this.tellsSegments = files.tellsSegments();
    this.decoded = TextSteps.decoded(files.definition());
    this.ascii = AsciiWordPiece.of(files, vocabulary, text -> encodeByLibrary(text, true));
  }

  static NativeTokenizer load(TokenizerFiles files) throws IOException {
    TokenizerDefinition.check(files.definition().parts());
    String definition = files.definition().json(PostProcessor.of(files));
    try {
      return new NativeTokenizer(NativeHandle.load(definition), files);
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
    return workers.run(text.length(), () -> handle.ids(text, addSpecialTokens));
  }

  @Override
  public Encoding encodePair(String first, String second, boolean addSpecialTokens) {
    String wellFormedFirst = WellFormed.of(first);
    String wellFormedSecond = WellFormed.of(second);
    return withEncoding(
        first.length() + second.length(),
        open ->
            TokenizersLibrary.LIB.encodeDual(
                open, wellFormedFirst, wellFormedSecond, addSpecialTokens),
        encoding -> read(encoding, first, second));
  }

  @Override
  public Encoding encodeWithOffsets(String text, boolean addSpecialTokens) {
    String wellFormed = WellFormed.of(text);
    return withEncoding(
        text.length(),
        open -> TokenizersLibrary.LIB.encode(open, wellFormed, addSpecialTokens),
        encoding -> read(encoding, text, ""));
  }

  private Encoding read(long encoding, String first, String second) {
    int[] ids = NativeHandle.toInts(TokenizersLibrary.LIB.getTokenIds(encoding));
    int[] typeIds =
        tellsSegments
            ? NativeHandle.toInts(TokenizersLibrary.LIB.getTypeIds(encoding))
            : new int[ids.length];
    int[] sequences = NativeHandle.toInts(TokenizersLibrary.LIB.getSequenceIds(encoding));
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
    int[] words = NativeHandle.toInts(TokenizersLibrary.LIB.getWordIds(encoding));
    return new Encoding(ids, typeIds, starts, ends, sequences, words);
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    long[] known =
        Arrays.stream(ids).filter(id -> vocabulary.token(id) != null).asLongStream().toArray();
    return workers.run(known.length, () -> decode(known, skipSpecialTokens));
  }

  private String decode(long[] ids, boolean skipSpecialTokens) {
    String text = handle.with(open -> TokenizersLibrary.LIB.decode(open, ids, skipSpecialTokens));
    return cleansUpSpaces ? SpaceCleanUp.apply(text) : text;
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

  @Override
  public OptionalInt clsId() {
    return clsId;
  }

  @Override
  public OptionalInt unknownId() {
    return unknownId;
  }

  @Override
  public String continuingPrefix() {
    return continuingPrefix;
  }

  @Override
  public OptionalInt usualMaxTokens() {
    return usualMaxTokens;
  }

  @Override
  public String joined(List<String> entries) {
    return decoder.joined(entries);
  }

  @Override
  public List<AddedToken> addedTokens() {
    return added;
  }

  @Override
  public RespelledTokens respelled(Set<String> tokens) {
    return respelling.of(tokens);
  }

  private <T> T withEncoding(int characters, LongFunction<Long> encode, LongFunction<T> read) {
    return workers.run(characters, () -> handle.encode(encode, read));
  }

  /** Waits for running calls, then frees the native memory. Later calls are refused. */
  @Override
  public void close() {
    handle.close();
    respelling.close();
  }
}
