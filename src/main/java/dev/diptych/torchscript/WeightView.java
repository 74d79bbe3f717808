package dev.diptych.torchscript;

import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.model.blueprint.Slot;
import dev.diptych.model.family.Part;

/**
 * The elements of a stored tensor that make the tensor of a slot.
 *
 * @param part which of them
 */
record WeightView(Slot slot, StoredTensor tensor, Part part) {}
