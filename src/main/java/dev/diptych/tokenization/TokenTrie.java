package dev.diptych.tokenization;

import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A set of texts that are looked for at places of another text. */
final class TokenTrie {

  /** What is at a place: the end of the longest of the texts, and how far any of them goes on. */
  record Match(int end, int reach) {}

  private static final class Node {
    private char[] characters = {};
    private Node[] nodes = {};
    private boolean isEnd;

    @Nullable Node next(char c) {
      for (int i = 0; i < characters.length; i++) {
        if (characters[i] == c) {
          return nodes[i];
        }
      }
      return null;
    }

    Node add(char c) {
      Node node = next(c);
      if (node == null) {
        node = new Node();
        characters = Arrays.copyOf(characters, characters.length + 1);
        characters[characters.length - 1] = c;
        nodes = Arrays.copyOf(nodes, characters.length);
        nodes[characters.length - 1] = node;
      }
      return node;
    }
  }

  private static final int NONE = -1;

  private final Node root = new Node();

  TokenTrie(Collection<String> texts) {
    for (String text : texts) {
      Node node = root;
      for (int i = 0; i < text.length(); i++) {
        node = node.add(text.charAt(i));
      }
      node.isEnd = true;
    }
  }

  /** Whether any text begins so. */
  boolean begins(char c) {
    return root.next(c) != null;
  }

  /** The longest match at a place; its end is -1 if there is none. */
  Match at(String text, int start) {
    Node node = root;
    int end = NONE;
    int i = start;
    for (; i < text.length(); i++) {
      Node next = node.next(text.charAt(i));
      if (next == null) {
        break;
      }
      node = next;
      if (node.isEnd) {
        end = i + 1;
      }
    }
    return new Match(end, i);
  }
}
