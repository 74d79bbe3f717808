package dev.diptych.bench;

import java.util.List;

/** A piece of work that every contestant does in the same way; sizes are in tokens. */
sealed interface Workload {

  /** The tokens of a decoding prompt. */
  int PROMPT = 32;

  /** What a reader of the results sees. */
  String title();

  /** The measure by which contestants are compared. */
  Measure headline();

  /**
   * Whether a part of its time is JVM code that is compiled only after seconds, as there are few
   * requests in a round.
   */
  default boolean warmsUpSlowly() {
    return false;
  }

  /** Answers of {@code newTokens} tokens at {@code streams} prompts together, greedily. */
  record Decode(int streams, int newTokens) implements Workload {
    @Override
    public String title() {
      return "decode, " + streams + (streams == 1 ? " stream" : " streams");
    }

    @Override
    public Measure headline() {
      return Measure.DECODE_RATE;
    }
  }

  /** An answer of at most {@code newTokens} tokens to a chat, greedily. */
  record Chat(String title, String prompt, int newTokens) implements Workload {
    @Override
    public Measure headline() {
      return Measure.DECODE_RATE;
    }
  }

  /**
   * Drawn answers of {@code newTokens} tokens to {@code streams} chats together, through OpenAI's
   * dialect.
   *
   * @param shaped whether each must fit {@link Chats#SCHEMA}
   */
  record ChatCompletions(int streams, int newTokens, boolean shaped) implements Workload {
    @Override
    public String title() {
      return "chat, %d streams, %s".formatted(streams, shaped ? "a JSON schema" : "free text");
    }

    @Override
    public Measure headline() {
      return Measure.TOKEN_RATE;
    }
  }

  /** One prompt of which only the first new token is wanted. */
  record Prefill(int tokens) implements Workload {
    @Override
    public String title() {
      return "prefill, " + tokens + " tokens";
    }

    @Override
    public Measure headline() {
      return Measure.TOKEN_RATE;
    }
  }

  /** A short prompt that comes while {@code streams} decode and a long prompt is prefilled. */
  record ShortPromptUnderLoad(int streams, int shortTokens, int longTokens) implements Workload {
    @Override
    public String title() {
      return "%d-token prompt beside %d streams and a %d-token prefill"
          .formatted(shortTokens, streams, longTokens);
    }

    @Override
    public Measure headline() {
      return Measure.FIRST_TOKEN;
    }
  }

  /**
   * Embeddings.
   *
   * @param lengths the tokens of each text of a request
   * @param headline throughput or latency
   */
  record Embed(
      String title, Measure headline, int clients, int requestsPerClient, List<Integer> lengths)
      implements Workload {
    public Embed {
      lengths = List.copyOf(lengths);
    }

    @Override
    public boolean warmsUpSlowly() {
      return true;
    }
  }

  /** One mask in a text of {@code tokens} tokens. */
  record FillMask(int clients, int requestsPerClient, int tokens) implements Workload {
    @Override
    public String title() {
      return "fill-mask, %d tokens, %s".formatted(tokens, callers(clients));
    }

    @Override
    public boolean warmsUpSlowly() {
      return true;
    }

    @Override
    public Measure headline() {
      return clients == 1 ? Measure.MEDIAN_LATENCY : Measure.REQUEST_RATE;
    }
  }

  /** {@code GET /ping}: what HTTP costs alone. */
  record Ping(int clients, int requestsPerClient) implements Workload {
    @Override
    public String title() {
      return "smallest request, " + callers(clients);
    }

    @Override
    public boolean warmsUpSlowly() {
      return true;
    }

    @Override
    public Measure headline() {
      return clients == 1 ? Measure.MEDIAN_LATENCY : Measure.REQUEST_RATE;
    }
  }

  static String callers(int clients) {
    return clients == 1 ? "one client" : clients + " clients";
  }
}
