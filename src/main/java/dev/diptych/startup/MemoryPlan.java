package dev.diptych.startup;

import dev.diptych.torchscript.MemoryNeed;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which models fit into the memory that there was before any of them. One that does not is refused
 * with numbers before it is loaded, since the system would end the process instead.
 */
final class MemoryPlan {

  private static final Logger log = LoggerFactory.getLogger(MemoryPlan.class);

  private static final long BESIDE = 256L << 20; // code, stacks, what a pass computes
  private static final int LEAST_CACHED_TOKENS = 1024;

  private final Supplier<OptionalLong> available;
  private final Map<String, Long> promised = new HashMap<>();
  private OptionalLong room = OptionalLong.empty();
  private boolean looked;
  private long cache; // of all decoders

  /**
   * A plan without models.
   *
   * @param available bytes that the process may still take; asked once
   */
  MemoryPlan(Supplier<OptionalLong> available) {
    this.available = available;
  }

  /**
   * For the memory of this machine or container, beside the Java heap as large as it may become.
   */
  static MemoryPlan ofThisMachine() {
    AvailableMemory memory = new AvailableMemory(Path.of("/"));
    return new MemoryPlan(
        () -> {
          OptionalLong bytes = memory.bytes();
          Runtime heap = Runtime.getRuntime();
          long growth = Math.max(0, heap.maxMemory() - heap.totalMemory()) + BESIDE;
          return bytes.isEmpty() ? bytes : OptionalLong.of(Math.max(0, bytes.getAsLong() - growth));
        });
  }

  /**
   * Sets memory aside for a model, in the place of what was set aside for it before.
   *
   * @param precision for the message
   * @param contextLength most tokens of a sequence
   * @param moreCache bytes that the cache of all decoders should have more; 0 for none
   * @return bytes that it may have more
   * @throws WithoutMemory if it does not fit, with a cache for a short text at least
   */
  synchronized long admit(
      String model, MemoryNeed need, String precision, int contextLength, long moreCache) {
    promised.remove(model);
    if (!looked) {
      room = available.get();
      looked = true;
    }
    if (room.isEmpty()) {
      cache += moreCache;
      return moreCache;
    }
    long weights = promised.values().stream().mapToLong(Long::longValue).sum();
    long free = room.getAsLong() - weights - cache;
    long least =
        moreCache == 0
            ? 0
            : Math.min(
                moreCache, need.cachePerToken() * Math.min(LEAST_CACHED_TOKENS, contextLength));
    if (need.weights() + Math.max(need.loading(), least) > free) {
      throw new WithoutMemory(
          "it takes %s for its weights in %s, %s more while it is loaded and %s for the smallest cache, but only %s of memory are left; a smaller model or diptych.models.precision takes less"
              .formatted(
                  text(need.weights()),
                  precision,
                  text(need.loading()),
                  text(least),
                  text(Math.max(0, free))));
    }
    long granted = Math.min(moreCache, free - need.weights());
    promised.put(model, need.weights());
    cache += granted;
    log.info(
        "{} takes {} for its weights in {}{}, of {} that are left",
        model,
        text(need.weights()),
        precision,
        moreCache == 0 ? "" : " and up to %s for its cache".formatted(text(granted)),
        text(free));
    if (granted < moreCache) {
      log.warn(
          "The cache of {} has {} instead of {} (diptych.generation.cache-memory), as there is no"
              + " more memory",
          model,
          text(granted),
          text(moreCache));
    }
    return granted;
  }

  /** Gives back what was set aside for a model that is not there. */
  synchronized void release(String model) {
    promised.remove(model);
  }

  /** Bytes that are set aside for a model's weights; empty if there are none. */
  synchronized OptionalLong promised(String... models) {
    return Arrays.stream(models)
        .filter(promised::containsKey)
        .mapToLong(promised::get)
        .reduce(Long::sum);
  }

  /** Gives back so many bytes of the cache. */
  synchronized void releaseCache(long bytes) {
    cache -= bytes;
  }

  private static String text(long bytes) {
    return bytes < 1L << 30
        ? "%d MB".formatted(Math.ceilDiv(bytes, 1L << 20))
        : String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30));
  }
}
