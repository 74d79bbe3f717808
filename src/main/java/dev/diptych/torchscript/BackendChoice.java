package dev.diptych.torchscript;

import java.util.Locale;

/** Which backend a setting wants. */
public enum BackendChoice {
  /** Machine code where it can, else libtorch. */
  AUTO,
  /** libtorch, never machine code. */
  PYTORCH,
  /** Machine code; what it cannot compute is refused. */
  MACHINE_CODE;

  /** The choice that a setting names: {@code auto}, {@code pytorch} or {@code machine-code}. */
  public static BackendChoice of(String setting) {
    return valueOf(setting.replace('-', '_').toUpperCase(Locale.ROOT));
  }
}
