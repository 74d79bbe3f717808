package dev.diptych.torchscript;

import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.model.blueprint.Slot;
import dev.diptych.model.family.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * The elements of a stored tensor that make the tensor of a slot, or some rows of it.
 *
 * @param slot with as many rows as are meant
 * @param part which elements make the whole
 * @param firstRow of the whole; 0 unless the part is the whole tensor
 */
record WeightView(Slot slot, StoredTensor tensor, Part part, long firstRow) {

  WeightView(Slot slot, StoredTensor tensor, Part part) {
    this(slot, tensor, part, 0);
  }

  /** Whether some rows of it lie behind each other. */
  boolean hasRows() {
    return part instanceof Part.Whole;
  }

  /** Some rows, or elements of a vector. */
  WeightView rows(long first, long count) {
    List<Long> shape = new ArrayList<>(slot.shape());
    shape.set(0, count);
    return new WeightView(new Slot(slot.name(), shape), tensor, part, first);
  }

  /** The first element of the stored tensor that is read. */
  long firstElement() {
    return firstRow * (slot.shape().size() == 1 ? 1 : slot.shape().getLast());
  }

  /** How many elements of the stored tensor are read. */
  long elements() {
    return hasRows() ? slot.shape().stream().reduce(1L, (a, b) -> a * b) : tensor.elements();
  }
}
