package dev.diptych.kernel;

/**
 * The shape of a linear layer and how its weight lies in memory: the panels of its blocks of 16
 * outputs, as {@link LinearKernel} describes them, and behind these for each block 16 scales and 16
 * values of the bias, float32. The last block may have less outputs than others.
 */
record Linear(int inputs, int outputs) {

  int blocks() {
    return Math.ceilDiv(outputs, LinearKernel.BLOCK);
  }

  long panelBytes() {
    return (long) inputs * LinearKernel.BLOCK;
  }

  /** Where the scales of a block are. */
  long scales(long panels, int block) {
    return panels + blocks() * panelBytes() + (long) block * LinearKernel.SCALES_BYTES;
  }

  long bytes() {
    return blocks() * (panelBytes() + LinearKernel.SCALES_BYTES);
  }
}
