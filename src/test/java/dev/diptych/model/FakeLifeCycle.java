package dev.diptych.model;

import java.util.OptionalLong;

/** A service whose models stay as they are. */
public final class FakeLifeCycle implements ModelLifeCycle {

  @Override
  public Arriving load(Wanted wanted) {
    throw new Conflict("nothing is loaded here");
  }

  @Override
  public String unload(String model) {
    throw new Conflict("nothing is unloaded here");
  }

  @Override
  public OptionalLong memory(String name) {
    return OptionalLong.empty();
  }
}
