package dev.diptych.startup;

import dev.diptych.model.Arrival;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Served;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A model by its name with its roles, and what of it is in memory. */
final class ServedModel {

  /** Held by whoever loads it or unloads it. */
  final ReentrantLock changing = new ReentrantLock(true);

  private final NamedModel named;
  private final boolean isOfARequest;
  private final List<Served<?>> roles;
  private final List<ServedEngine> engines = new CopyOnWriteArrayList<>();
  private volatile @Nullable Path folder;
  private @Nullable Arrival arrival;
  private @Nullable Thread loader;
  private boolean isWanted;

  /**
   * A model of which nothing is in memory.
   *
   * @param isOfARequest whether a request brought it, and not the settings
   * @param roles that it has, or may turn out to have
   */
  ServedModel(NamedModel named, boolean isOfARequest, List<Served<?>> roles) {
    this.named = named;
    this.isOfARequest = isOfARequest;
    this.roles = new CopyOnWriteArrayList<>(roles);
  }

  NamedModel named() {
    return named;
  }

  String name() {
    return named.name();
  }

  boolean isOfARequest() {
    return isOfARequest;
  }

  List<Served<?>> roles() {
    return List.copyOf(roles);
  }

  /** Says that it has not got this role. */
  void hasNot(Served<?> role) {
    roles.remove(role);
  }

  /** The roles that do not answer. */
  List<Served<?>> missing() {
    return roles.stream().filter(role -> !(role.state() instanceof Served.Ready<?>)).toList();
  }

  boolean isReady() {
    return roles.stream().anyMatch(role -> role.state() instanceof Served.Ready<?>);
  }

  /** Whether no request uses it, or has used it for so long. */
  boolean isIdleFor(Duration time) {
    return roles.stream().allMatch(role -> role.users().areGoneFor(time));
  }

  boolean isLost() {
    return roles.stream().anyMatch(role -> role.state() instanceof Served.Lost<?>);
  }

  boolean isUnloaded() {
    return roles.stream().allMatch(role -> role.state() instanceof Served.Unloaded<?>);
  }

  void become(Served.State<?> state) {
    roles.forEach(role -> become(role, state));
  }

  /* States without an engine are of any type. */
  @SuppressWarnings("unchecked")
  private static <T> void become(Served<T> role, Served.State<?> state) {
    role.become((Served.State<T>) state);
  }

  List<ServedEngine> engines() {
    return List.copyOf(engines);
  }

  void add(ServedEngine engine) {
    engines.add(engine);
  }

  /** Forgets an engine: whether it was one of this model's. */
  boolean remove(ServedEngine engine) {
    return engines.remove(engine);
  }

  /** Where its files are, once it is loaded from there. */
  @Nullable Path folder() {
    return folder;
  }

  void isLoadedFrom(@Nullable Path from) {
    folder = from;
  }

  /** Begins to be wanted in memory: its arrival if that is under way already, else null. */
  synchronized @Nullable Arrival want(Arrival next, Thread by) {
    isWanted = true;
    Arrival known = arrival;
    if (known != null && !known.isOver()) {
      return known;
    }
    arrival = next;
    loader = by;
    return null;
  }

  /** Is to be loaded again, if it is wanted and nobody does it. */
  synchronized boolean isWantedAgain(Arrival next, Thread by) {
    if (!isWanted || (arrival != null && !arrival.isOver())) {
      return false;
    }
    arrival = next;
    loader = by;
    return true;
  }

  /** Ends to be wanted, and stops who loads it. */
  synchronized void wantNoMore() {
    isWanted = false;
    if (loader != null && loader.isAlive()) {
      loader.interrupt();
    }
  }

  synchronized boolean isWanted() {
    return isWanted;
  }

  /** Stops who loads it. */
  synchronized void stopLoading() {
    if (loader != null) {
      loader.interrupt();
    }
  }

  /** The labels of the roles that answer. */
  static String endpoints(List<Served<?>> roles) {
    List<String> endpoints = new ArrayList<>();
    roles.forEach(role -> endpoints.add(role.role().endpoint()));
    return String.join(" and ", endpoints);
  }
}
