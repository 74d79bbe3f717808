package dev.diptych.model;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What one request uses of models, until it is closed: when the request is answered. */
public final class ModelUse implements AutoCloseable {

  /** That of the request which this thread answers. */
  public static final ScopedValue<ModelUse> CURRENT = ScopedValue.newInstance();

  private final Queue<Users> used = new ConcurrentLinkedQueue<>();

  /* Without a request nobody says when the use ends. */
  static void keep(Users users) {
    if (CURRENT.isBound()) {
      CURRENT.get().used.add(users);
    } else {
      users.leave();
    }
  }

  @Override
  public void close() {
    used.forEach(Users::leave);
    used.clear();
  }
}
