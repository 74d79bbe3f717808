package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model of SentencePiece, a message in protobuf of which this is read:
 *
 * <pre>
 * model      := 1: piece…, 2: trainer, 3: normalizer
 * piece      := 1: text, 2: score:float32, 3: type
 * trainer    := 3: kind (1 unigram, 2 BPE), 35: falls back to bytes, 40: id of the unknown piece
 * normalizer := 2: table of characters
 * </pre>
 *
 * @param kind of model
 * @param byteFallback whether what no piece spells becomes bytes
 * @param unknown id of the unknown piece
 * @param characters that become others, SentencePiece's own table; empty for none
 * @see <a
 *     href="https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto">the
 *     message</a>
 */
@SuppressWarnings("ArrayRecordComponent")
record SentencePieceModel(
    List<Piece> pieces, Kind kind, boolean byteFallback, int unknown, byte[] characters) {

  private static final long MAX_BYTES = 64_000_000;
  private static final int MAX_PIECES = 1_000_000;

  /** By their numbers, from 1. */
  private static final List<PieceType> TYPES =
      List.of(
          PieceType.NORMAL,
          PieceType.UNKNOWN,
          PieceType.CONTROL,
          PieceType.USER_DEFINED,
          PieceType.UNUSED,
          PieceType.BYTE);

  /** How texts are taken apart. */
  enum Kind {
    UNIGRAM,
    BPE
  }

  /** What a piece is. */
  enum PieceType {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /** A piece of text. */
  record Piece(String text, float score, PieceType type) {}

  SentencePieceModel {
    pieces = List.copyOf(pieces);
  }

  static SentencePieceModel read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new InvalidCheckpoint(
          "%s has %d bytes; at most %d are read".formatted(file, Files.size(file), MAX_BYTES));
    }
    return new Reading(file).model(ByteBuffer.wrap(Files.readAllBytes(file)));
  }

  /** What has been read so far. */
  private static final class Reading {

    private final Path file;
    private final List<Piece> pieces = new ArrayList<>();
    private long kind = 1;
    private boolean byteFallback;
    private long unknown;
    private byte[] characters = {};

    Reading(Path file) {
      this.file = file;
    }

    SentencePieceModel model(ByteBuffer bytes) throws InvalidCheckpoint {
      ProtobufReader model = new ProtobufReader(file, bytes);
      for (int field = model.next(); field != 0; field = model.next()) {
        switch (field) {
          case 1 -> piece(model.message());
          case 2 -> trainer(model.message());
          case 3 -> normalizer(model.message());
          default -> model.skip();
        }
      }
      if (pieces.isEmpty() || unknown < 0 || unknown >= pieces.size()) {
        throw new InvalidCheckpoint(
            "%s has %d pieces, of which the unknown one is %d"
                .formatted(file, pieces.size(), unknown));
      }
      if (kind != 1 && kind != 2) {
        throw new InvalidCheckpoint(
            "%s is a model of words or characters, not of unigrams or byte pairs".formatted(file));
      }
      return new SentencePieceModel(
          pieces, kind == 1 ? Kind.UNIGRAM : Kind.BPE, byteFallback, (int) unknown, characters);
    }

    private void piece(ProtobufReader piece) throws InvalidCheckpoint {
      String text = "";
      float score = 0;
      long type = 1;
      for (int field = piece.next(); field != 0; field = piece.next()) {
        switch (field) {
          case 1 -> text = piece.string();
          case 2 -> score = Float.intBitsToFloat(piece.fixed32());
          case 3 -> type = piece.varint();
          default -> piece.skip();
        }
      }
      if (text.isEmpty()
          || !Float.isFinite(score)
          || type < 1
          || type > TYPES.size()
          || pieces.size() == MAX_PIECES) {
        throw new InvalidCheckpoint(
            "%s: piece %d is empty, has no score or no type, or is one too many"
                .formatted(file, pieces.size()));
      }
      pieces.add(new Piece(text, score, TYPES.get((int) type - 1)));
    }

    private void trainer(ProtobufReader trainer) throws InvalidCheckpoint {
      for (int field = trainer.next(); field != 0; field = trainer.next()) {
        switch (field) {
          case 3 -> kind = trainer.varint();
          case 35 -> byteFallback = trainer.varint() != 0;
          case 40 -> unknown = trainer.varint();
          default -> trainer.skip();
        }
      }
    }

    private void normalizer(ProtobufReader normalizer) throws InvalidCheckpoint {
      for (int field = normalizer.next(); field != 0; field = normalizer.next()) {
        if (field == 2) {
          characters = normalizer.bytes();
        } else {
          normalizer.skip();
        }
      }
    }
  }
}
