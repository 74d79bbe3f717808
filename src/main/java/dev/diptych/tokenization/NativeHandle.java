package dev.diptych.tokenization;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import java.time.Duration;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;

/** A tokenizer of the library, which is freed when no call is running. */
final class NativeHandle implements AutoCloseable {

  /*
   * Only the calls that report errors as exceptions are used: the library's batch calls and
   * decode(null) abort the process. Every call holds the read lock, so that closing waits for it.
   */

  private final long handle;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private NativeHandle(long handle) {
    this.handle = handle;
  }

  /**
   * Loads a tokenizer.
   *
   * @param definition as {@code tokenizer.json} has it
   * @throws RuntimeException if the library refuses it
   */
  static NativeHandle load(String definition) {
    LibUtils.checkStatus();
    return new NativeHandle(TokenizersLibrary.LIB.createTokenizerFromString(definition));
  }

  /** Makes an encoding, reads and frees it. */
  <T> T encode(LongFunction<Long> encode, LongFunction<T> read) {
    return with(
        open -> {
          long encoding = encodeOrRefuse(open, encode);
          try {
            return read.apply(encoding);
          } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
          }
        });
  }

  private static long encodeOrRefuse(long open, LongFunction<Long> encode) {
    try {
      return encode.apply(open);
    } catch (RuntimeException e) {
      throw new InvalidInput(
          InvalidInput.Kind.TOKENIZER,
          "the tokenizer cannot encode the text: %s".formatted(e.getMessage()));
    }
  }

  /** The token ids of a text, without special tokens around it or with them. */
  int[] ids(String text, boolean addSpecialTokens) {
    String wellFormed = WellFormed.of(text);
    return encode(
        open -> TokenizersLibrary.LIB.encode(open, wellFormed, addSpecialTokens),
        encoding -> toInts(TokenizersLibrary.LIB.getTokenIds(encoding)));
  }

  /** Works with the handle. */
  <T> T with(LongFunction<T> work) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new ModelUnavailable("the model was unloaded", Duration.ofSeconds(5));
      }
      return work.apply(handle);
    } finally {
      lock.readLock().unlock();
    }
  }

  static int[] toInts(long[] values) {
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
