package dev.diptych.tasks.decision;

import dev.diptych.chat.Chat;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The labels that each decoder can answer with, looked up once; those of a model that is gone are
 * forgotten. Safe for use from any number of threads.
 */
final class KnownLabels {

  private final Map<Chat, Map<AnswerKind, AnswerLabels>> byChat = new WeakHashMap<>();

  /** Those of a model for one kind of answer. */
  AnswerLabels of(Chat chat, AnswerKind kind) {
    Map<AnswerKind, AnswerLabels> known;
    synchronized (byChat) {
      known = byChat.computeIfAbsent(chat, _ -> new ConcurrentHashMap<>());
    }
    return known.computeIfAbsent(kind, _ -> AnswerLabels.of(chat, kind));
  }
}
