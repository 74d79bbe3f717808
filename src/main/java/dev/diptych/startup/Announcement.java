package dev.diptych.startup;

import dev.diptych.model.Arrival;
import dev.diptych.model.Explanation;
import dev.diptych.model.Served;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the roles of a model hear of its arrival.
 *
 * @param beforeFailure is run before those who wait hear that it does not come
 * @param whenAsked loads it again if there was no memory for it now; null if nobody waits for it
 */
record Announcement(
    Arrival arrival, @Nullable Supplier<Arrival> whenAsked, Runnable beforeFailure) {

  /** Says that it does not come. */
  void end(Arrival.Failure failure) {
    beforeFailure.run();
    arrival.failed(failure);
  }

  /** Says what is happening. */
  void tell(List<Served<?>> roles, String what) {
    for (Served<?> role : roles) {
      if (whenAsked == null) {
        role.become(new Served.Coming<>(what));
      } else {
        role.become(new Served.Returning<>(what, arrival));
      }
    }
  }

  /** Says how far the download is, for which nobody waits who only wants to hear if it may come. */
  void downloads(List<Served<?>> roles, String what) {
    tell(roles, what);
    arrival.isUnderWay();
  }

  /** Says why it does not come. What answers by now goes on to do so. */
  void fail(List<Served<?>> roles, Throwable cause) {
    String why = Explanation.of(cause);
    for (Served<?> role : roles) {
      if (role.state() instanceof Served.Ready<?>) {
        continue;
      }
      if (cause instanceof WithoutMemory && whenAsked != null) {
        role.become(new Served.Unloaded<>(whenAsked));
      } else {
        role.become(new Served.Failed<>(why));
      }
    }
    end(cause instanceof WithoutMemory ? new Arrival.WithoutMemory(why) : new Arrival.Other(why));
  }
}
