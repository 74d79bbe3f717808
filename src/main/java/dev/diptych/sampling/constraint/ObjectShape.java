package dev.diptych.sampling.constraint;

import dk.brics.automaton.Automaton;
import dk.brics.automaton.State;
import dk.brics.automaton.Transition;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An object of JSON whose properties come in an order, as an automaton. */
final class ObjectShape {

  /*
   * A place is behind the properties before one of them, so many of which are there. At each place
   * the name of the next property may begin, or of a later one if those between may be missing, so
   * that these names are told apart byte by byte. How many there are is counted as far as it matters:
   * to know whether a comma is due, and up to a bound.
   */

  private record Place(int index, int count) {}

  private static final int NOTHING_ELSE = -1;
  private static final long COST = 8; // of a transition, as it is kept
  private static final char COMMA = ',';
  private static final char COLON = ':';

  private final JsonShapes shapes;
  private final List<JsonShapes.Property> properties;
  private final int others;
  private final int least;
  private final @Nullable Integer most;
  private final int counted;
  private final Map<Place, State> places = new HashMap<>();
  private final Map<Place, State> names = new HashMap<>();
  private final State end = new State();

  ObjectShape(
      JsonShapes shapes,
      List<JsonShapes.Property> properties,
      int others,
      int least,
      @Nullable Integer most) {
    this.shapes = shapes;
    this.properties = properties;
    this.others = others;
    this.least = least;
    this.most = most;
    this.counted = Math.max(1, Math.max(least, most == null ? 0 : most));
    end.setAccept(true);
  }

  Automaton automaton() {
    State start = new State();
    State open = new State();
    start.addTransition(new Transition('{', open));
    State first = names(new Place(0, 0));
    open.addTransition(new Transition(Symbols.call(shapes.space()), first));
    if (mayEnd(new Place(0, 0))) {
      first.addTransition(new Transition('}', end));
    }
    return JsonShapes.nondeterministic(start);
  }

  private boolean mayEnd(Place place) {
    return place.count >= least && noneRequired(place.index, properties.size());
  }

  private boolean noneRequired(int from, int to) {
    return properties.subList(from, to).stream().noneMatch(JsonShapes.Property::required);
  }

  /* Behind a value. */
  private State behind(Place place) {
    State known = places.get(place);
    if (known != null) {
      return known;
    }
    State state = new State();
    places.put(place, state);
    if (most == null || place.count < most) {
      State comma = new State();
      state.addTransition(new Transition(COMMA, comma));
      comma.addTransition(new Transition(Symbols.call(shapes.space()), names(place)));
    }
    if (mayEnd(place)) {
      State closing = new State();
      state.addTransition(new Transition(Symbols.call(shapes.space()), closing));
      closing.addTransition(new Transition('}', end));
    }
    return state;
  }

  /* Where a name may begin. */
  private State names(Place place) {
    State known = names.get(place);
    if (known != null) {
      return known;
    }
    State state = new State();
    names.put(place, state);
    if (most != null && place.count >= most) {
      return state;
    }
    int count = Math.min(place.count + 1, counted);
    if (place.index < properties.size()) {
      JsonShapes.Property next = properties.get(place.index);
      addProperty(state, next, new Place(place.index + 1, count));
      if (!next.required()) {
        State later = names(new Place(place.index + 1, place.count));
        shapes.spend(COST * later.getTransitions().size());
        later.getTransitions().forEach(state::addTransition);
      }
    } else if (others != NOTHING_ELSE) {
      State colon = new State();
      int name =
          shapes.otherName(
              properties.stream().map(JsonShapes.Property::name).collect(Collectors.toSet()));
      state.addTransition(new Transition(Symbols.call(name), colon));
      addValue(colon, others, new Place(place.index, count));
    }
    return state;
  }

  private void addProperty(State from, JsonShapes.Property property, Place behind) {
    State state = from;
    shapes.spend(COST * property.name().length());
    for (byte b : JsonText.written(property.name()).getBytes(StandardCharsets.UTF_8)) {
      State next = new State();
      state.addTransition(new Transition((char) (b & 0xFF), next));
      state = next;
    }
    addValue(state, property.value(), behind);
  }

  private void addValue(State colon, int value, Place behind) {
    State space = new State();
    State begin = new State();
    colon.addTransition(new Transition(COLON, space));
    space.addTransition(new Transition(Symbols.call(shapes.oneSpace()), begin));
    begin.addTransition(new Transition(Symbols.call(value), behind(behind)));
  }
}
