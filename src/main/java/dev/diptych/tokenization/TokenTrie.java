package dev.diptych.tokenization;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** A set of texts that are looked for at places of another text. */
final class TokenTrie {

  /** What is at a place: the end of the longest of the texts, and how far any of them goes on. */
  record Match(int end, int reach) {}

  private static final class Node {
    private final Map<Character, Node> next = new HashMap<>();
    private boolean isEnd;
  }

  private static final int NONE = -1;

  private final Node root = new Node();

  TokenTrie(Collection<String> texts) {
    for (String text : texts) {
      Node node = root;
      for (int i = 0; i < text.length(); i++) {
        node = node.next.computeIfAbsent(text.charAt(i), _ -> new Node());
      }
      node.isEnd = true;
    }
  }

  /** Whether any text begins so. */
  boolean begins(char c) {
    return root.next.containsKey(c);
  }

  /** The longest match at a place; its end is -1 if there is none. */
  Match at(String text, int start) {
    Node node = root;
    int end = NONE;
    int i = start;
    for (; i < text.length(); i++) {
      node = node.next.get(text.charAt(i));
      if (node == null) {
        break;
      }
      if (node.isEnd) {
        end = i + 1;
      }
    }
    return new Match(end, i);
  }
}
