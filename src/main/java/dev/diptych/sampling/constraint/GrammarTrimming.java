package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Takes what leads to no end out of a grammar, and refuses rules that begin with themselves. */
final class GrammarTrimming {

  /*
   * The fewest bytes to an end are found from the ends backwards, the shortest first (Knuth 1977, A
   * generalization of Dijkstra's algorithm): a call is as long as its rule and what follows it.
   */

  private record Edge(int from, int weight, int other) {}

  private record Reached(int state, int distance) {}

  private static final int NONE = -1;

  private final List<Grammar.State> states;
  private final int[] distances;

  private GrammarTrimming(List<Grammar.State> states) {
    this.states = states;
    this.distances = new int[states.size()];
    Arrays.fill(distances, Grammar.UNREACHABLE);
  }

  static Grammar trim(List<Grammar.State> states, int[] starts, int start) {
    GrammarTrimming trimming = new GrammarTrimming(states);
    trimming.measure();
    if (trimming.distances[start] >= Grammar.UNREACHABLE) {
      throw Grammar.unsatisfiable();
    }
    Grammar grammar =
        new Grammar(IntStream.range(0, states.size()).mapToObj(trimming::trimmed).toList(), start);
    refuseEndlessCalls(grammar, starts);
    return grammar;
  }

  private void measure() {
    List<List<Edge>> into =
        Stream.generate(() -> (List<Edge>) new ArrayList<Edge>(2)).limit(states.size()).toList();
    PriorityQueue<Reached> queue =
        new PriorityQueue<>((a, b) -> Integer.compare(a.distance, b.distance));
    for (int from = 0; from < states.size(); from++) {
      Grammar.State state = states.get(from);
      for (Grammar.Range range : state.bytes()) {
        into.get(range.target()).add(new Edge(from, 1, NONE));
      }
      for (Grammar.Special special : state.specials()) {
        into.get(special.target()).add(new Edge(from, 1, NONE));
      }
      for (Grammar.Call call : state.calls()) {
        into.get(call.target()).add(new Edge(from, 0, call.start()));
        into.get(call.start()).add(new Edge(from, 0, call.target()));
      }
      if (state.accepts()) {
        distances[from] = 0;
        queue.add(new Reached(from, 0));
      }
    }
    while (!queue.isEmpty()) {
      Reached reached = queue.remove();
      if (reached.distance > distances[reached.state]) {
        continue;
      }
      for (Edge edge : into.get(reached.state)) {
        int other = edge.other == NONE ? 0 : distances[edge.other];
        int distance =
            (int) Math.min(Grammar.UNREACHABLE, (long) reached.distance + edge.weight + other);
        if (distance < distances[edge.from]) {
          distances[edge.from] = distance;
          queue.add(new Reached(edge.from, distance));
        }
      }
    }
  }

  private Grammar.State trimmed(int index) {
    Grammar.State state = states.get(index);
    return new Grammar.State(
        Arrays.stream(state.bytes())
            .filter(range -> leadsOn(range.target()))
            .toArray(Grammar.Range[]::new),
        Arrays.stream(state.specials())
            .filter(special -> leadsOn(special.target()))
            .toArray(Grammar.Special[]::new),
        Arrays.stream(state.calls())
            .filter(call -> leadsOn(call.start()) && leadsOn(call.target()))
            .toArray(Grammar.Call[]::new),
        state.accepts(),
        distances[index]);
  }

  private boolean leadsOn(int state) {
    return distances[state] < Grammar.UNREACHABLE;
  }

  /* A rule that calls itself before it has read anything would be called without an end. */
  private static void refuseEndlessCalls(Grammar grammar, int[] starts) {
    boolean[] done = new boolean[grammar.states().size()];
    boolean[] open = new boolean[grammar.states().size()];
    for (int start : starts) {
      List<Integer> path = new ArrayList<>();
      List<List<Integer>> rest = new ArrayList<>();
      path.add(start);
      rest.add(done[start] ? new ArrayList<>() : firstCalls(grammar, start));
      open[start] = true;
      while (!path.isEmpty()) {
        List<Integer> calls = rest.getLast();
        if (calls.isEmpty()) {
          rest.removeLast();
          int ended = path.removeLast();
          open[ended] = false;
          done[ended] = true;
          continue;
        }
        int called = calls.removeLast();
        if (open[called]) {
          throw new InvalidInput("the constraint refers to itself without anything between");
        }
        if (!done[called]) {
          open[called] = true;
          path.add(called);
          rest.add(firstCalls(grammar, called));
        }
      }
    }
  }

  /* The rules that a rule may call before it reads; beyond calls that may read nothing too. */
  private static List<Integer> firstCalls(Grammar grammar, int start) {
    List<Integer> called = new ArrayList<>();
    List<Integer> reached = new ArrayList<>(List.of(start));
    for (int i = 0; i < reached.size(); i++) {
      for (Grammar.Call call : grammar.states().get(reached.get(i)).calls()) {
        if (!called.contains(call.start())) {
          called.add(call.start());
        }
        if (grammar.states().get(call.start()).distance() == 0
            && !reached.contains(call.target())) {
          reached.add(call.target());
        }
      }
    }
    return called;
  }
}
