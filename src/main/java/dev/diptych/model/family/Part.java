package dev.diptych.model.family;

import java.util.List;

/** Which elements of a stored tensor make a slot's, in whose order. */
public sealed interface Part {

  /** All of them. */
  record Whole() implements Part {}

  /** A matrix that is stored {@code [inputs, outputs]}; a vector as it is. */
  record Transposed() implements Part {}

  /**
   * Some columns of a matrix that is stored {@code [inputs, of]}, or elements of a vector, {@code
   * [of]}.
   */
  record TransposedColumns(long first, long count, long of) implements Part {}

  /** Some rows of a matrix that is stored {@code [of, inputs]}, or elements of a vector. */
  record Rows(long first, long count, long of) implements Part {}

  /**
   * Some rows of each group of a matrix that is stored {@code [groups * rows, inputs]}, or elements
   * of a vector.
   *
   * @param rows of a group
   * @param first row within each group
   * @param count of rows in each group
   */
  record RowsOfGroups(long groups, long rows, long first, long count) implements Part {}

  /**
   * All rows, or elements of a vector, of heads whose rows were reordered for another way to
   * rotate: where Hugging Face's order pairs row {@code i} of a head with row {@code i + width /
   * 2}, theirs pairs {@code 2 i} with {@code 2 i + 1}, as llama.cpp does for a Llama.
   *
   * @param headWidth rows of a head
   */
  record Interleaved(long headWidth) implements Part {}

  /**
   * A strided view of a stored tensor, in elements.
   *
   * @param shape its product is the number of elements; may have more dimensions than the slot,
   *     whose first dimension is then split
   */
  record View(long offset, List<Long> shape, List<Long> strides) {}

  /** The shape that must be stored for a slot of a shape. */
  default List<Long> stored(List<Long> slot) {
    return switch (this) {
      case Whole _, Interleaved _ -> slot;
      case Transposed _ -> slot.reversed();
      case TransposedColumns(long _, long _, long of) ->
          slot.size() == 1 ? List.of(of) : List.of(slot.getLast(), of);
      case Rows(long _, long _, long of) -> withFirst(slot, of);
      case RowsOfGroups(long groups, long rows, long _, long _) -> withFirst(slot, groups * rows);
    };
  }

  /** The elements of a slot in a tensor of the shape that must be stored. */
  default View view(List<Long> slot) {
    long width = slot.size() == 1 ? 1 : slot.getLast();
    return switch (this) {
      case Whole _ -> new View(0, slot, rowMajor(slot));
      case Transposed _ ->
          slot.size() == 1
              ? new View(0, slot, rowMajor(slot))
              : new View(0, slot, List.of(1L, slot.getFirst()));
      case TransposedColumns(long first, long _, long of) ->
          new View(first, slot, slot.size() == 1 ? List.of(1L) : List.of(1L, of));
      case Rows(long first, long _, long _) -> new View(first * width, slot, rowMajor(slot));
      case RowsOfGroups(long groups, long rows, long first, long count) ->
          new View(first * width, List.of(groups, count, width), List.of(rows * width, width, 1L));
      case Interleaved(long head) ->
          new View(
              0,
              List.of(slot.getFirst() / head, 2L, head / 2, width),
              List.of(head * width, width, 2 * width, 1L));
    };
  }

  private static List<Long> withFirst(List<Long> slot, long first) {
    return slot.size() == 1 ? List.of(first) : List.of(first, slot.getLast());
  }

  private static List<Long> rowMajor(List<Long> shape) {
    return shape.size() == 1 ? List.of(1L) : List.of(shape.getLast(), 1L);
  }
}
