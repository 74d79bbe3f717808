package dev.diptych;

/** The system properties that DJL reads when its first class is loaded. */
public final class DjlProperties {

  private DjlProperties() {}

  /** Sets them; whoever uses DJL calls this before. What the command line has set stays. */
  public static void set() {
    keepOrSet("OPT_OUT_TRACKING", "true"); // no report of its use to a cloud's address
    keepOrSet("ai.djl.offline", "true"); // no native library is downloaded
    keepOrSet("ai.djl.default_engine", "PyTorch");
    keepOrSet("RUST_FLAVOR", "cpu"); // tokenizers' CUDA build is not in the jar
  }

  private static void keepOrSet(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
