package dev.diptych.kernel;

/** Whether the system is Linux, whose calls {@link SystemMemory} looks up. */
final class Linux {

  static final boolean IS_HERE = "Linux".equals(System.getProperty("os.name"));

  private Linux() {}
}
