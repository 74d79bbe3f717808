package dev.diptych.torchscript;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments of one call, in order; all that they hold is freed when this is closed, after the
 * call.
 */
final class CallArguments implements AutoCloseable {

  /*
   * A tensor made from a Java array is a view of a direct buffer that only its NDArray keeps alive,
   * not the IValue made from it. The arrays stay open in the scope until the call is over.
   */

  private final PtNDManager scope;
  private final List<IValue> values = new ArrayList<>();
  private final List<IValue> owned = new ArrayList<>();
  private int elements;

  CallArguments(TorchRuntime runtime) {
    this.scope = (PtNDManager) runtime.manager().newSubManager();
  }

  /** A tensor of 32-bit integers, {@code [count]}, from the first elements of an array. */
  CallArguments ints(int[] array, int count) {
    elements += count;
    int[] exact = array.length == count ? array : Arrays.copyOf(array, count);
    return own(IValue.from((PtNDArray) scope.create(exact, new Shape(count))));
  }

  CallArguments integer(long value) {
    return own(IValue.from(value));
  }

  CallArguments decimal(double value) {
    return own(IValue.from(value));
  }

  CallArguments flag(boolean value) {
    return own(IValue.from(value));
  }

  CallArguments text(String value) {
    return own(IValue.from(value));
  }

  /** A list of tensors of bytes, {@code [capacity]}, that lie in these direct buffers. */
  CallArguments tensors(List<ByteBuffer> buffers) {
    return own(
        IValue.listFrom(
            buffers.stream()
                .map(bytes -> scope.create(bytes, new Shape(bytes.capacity()), DataType.UINT8))
                .toArray(PtNDArray[]::new)));
  }

  /** A list of tensors of 32-bit floats, each {@code [array]}. */
  CallArguments floats(List<float[]> arrays) {
    return own(
        IValue.listFrom(
            arrays.stream()
                .map(array -> (PtNDArray) scope.create(array, new Shape(array.length)))
                .toArray(PtNDArray[]::new)));
  }

  /** Numbers by name. */
  CallArguments decimals(Map<String, Double> numbers) {
    Map<String, IValue> entries = new LinkedHashMap<>();
    numbers.forEach((name, number) -> entries.put(name, IValue.from(number.doubleValue())));
    try {
      return own(IValue.stringIValueMapFrom(entries));
    } finally {
      entries.values().forEach(IValue::close);
    }
  }

  /** A list of integers. */
  CallArguments integers(long[] list) {
    return own(IValue.listFrom(list));
  }

  /** A value that is closed with these arguments. */
  CallArguments own(IValue value) {
    owned.add(value);
    values.add(value);
    return this;
  }

  /** A value that stays its owner's to close. */
  CallArguments borrow(IValue value) {
    values.add(value);
    return this;
  }

  /** Elements of all integer tensors: a measure of the work. */
  int elements() {
    return elements;
  }

  IValue[] array() {
    return values.toArray(IValue[]::new);
  }

  @Override
  public void close() {
    owned.forEach(IValue::close);
    scope.close();
  }
}
