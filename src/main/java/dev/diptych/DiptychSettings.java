package dev.diptych;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Every setting of the service, under {@code diptych}.
 *
 * @param models which model answers which endpoint, and where models come from
 * @param generation the decoder behind {@code /generate}
 * @param encoding the encoders behind {@code /fill-mask} and {@code /embed}
 * @param decisions what {@code /v1/systemone}, {@code /v1/decisions} and {@code /compare} answer
 * @param http what holds for every connection and request
 * @param inference the thread of all forward passes
 */
@Validated
@ConfigurationProperties("diptych")
public record DiptychSettings(
    @Valid @DefaultValue Models models,
    @Valid @DefaultValue Generation generation,
    @Valid @DefaultValue Encoding encoding,
    @Valid @DefaultValue Decisions decisions,
    @Valid @DefaultValue Http http,
    @Valid @DefaultValue Inference inference) {

  /**
   * Models and their sources. A model is a name in the catalogue, {@code org/name[@revision]} on
   * the Hub, a folder with a checkpoint, or a {@code .gguf} file; or a name that these settings
   * give it: {@code diptych.models.<name>.source}, with {@code tasks}, {@code precision}, {@code
   * backend} and {@code alias}. Requests name any of these models; one that names none gets the
   * model of the task below, and where that is empty the first named one that can.
   *
   * @param generate the decoder that answers {@code /generate}; empty switches the endpoint off.
   *     Default smollm2-135m-instruct
   * @param fillMask the encoder that answers {@code /fill-mask}; empty switches the endpoint off.
   *     Default bert-base-uncased
   * @param embed the encoder that answers {@code /embed}; empty switches the endpoint off. A model
   *     named twice is loaded once. Default all-minilm-l6-v2
   * @param embedSparse the encoder with a masked-language-model head, trained as SPLADE, that
   *     answers {@code /embed_sparse}; empty switches it off. Default empty
   * @param classify the encoder with a classifier of texts that answers {@code /predict}; empty
   *     switches it off. Default empty
   * @param rank the encoder that answers {@code /rerank}; empty switches it off. Default empty
   * @param tag the encoder with a classifier of tokens that answers {@code /token-classification};
   *     empty switches it off. Default empty
   * @param answer the encoder that answers {@code /question-answering}; empty switches it off.
   *     Default empty
   * @param store the folder that holds the models, one folder each. Default {@code models}
   * @param catalog the catalogue file; its absence leaves only Hub names, folders and files.
   *     Default {@code models/catalog.yml}
   * @param keepPrepared keeps the int8 weights of machine code in {@code .prepared} of the store,
   *     about as large on the disk as in memory. The next start then only reads them: it takes half
   *     of the time and does not load libtorch. Default true
   * @param offline never asks a remote source; a model that is not in the store is then
   *     unavailable. Default false
   * @param hubEndpoint the Hub's address; {@code HF_ENDPOINT} sets it too
   * @param hubToken sent to the Hub as bearer token for gated models; {@code HF_TOKEN} sets it too.
   *     Never logged
   * @param hubCache a Hugging Face cache folder to take files from before asking the Hub; {@code
   *     HF_HUB_CACHE} sets it too
   * @param device {@code auto} (CUDA when libtorch sees a card, else CPU), {@code cpu}, {@code
   *     cuda} or {@code cuda:n}. Default auto
   * @param precision {@code auto} (int8 where the CPU has AVX512-VNNI, but for GPT-2; otherwise
   *     bfloat16 on CUDA and where the CPU has AVX512-BF16 or AMX, float16 on other x86 CPUs,
   *     float32 elsewhere), {@code float32} (exact, largest and slowest), {@code float16} (half the
   *     memory; on CPUs of the weights only, x86 only), {@code bfloat16} (half the memory; fast
   *     only in hardware) or {@code int8} (a quarter of the memory, weights and activations; x86
   *     CPUs only). Default auto
   * @param backend what computes the models: {@code auto} (machine code where it can, else
   *     libtorch), {@code pytorch} (libtorch, never machine code) or {@code machine-code} (a model
   *     that it cannot compute is refused). Default auto
   * @param idleTimeout how long nobody uses a model until it is unloaded; a request for it loads it
   *     again and waits for that. 0 keeps every model. Default 0
   */
  public record Models(
      @DefaultValue("smollm2-135m-instruct") String generate,
      @DefaultValue("bert-base-uncased") String fillMask,
      @DefaultValue("all-minilm-l6-v2") String embed,
      @DefaultValue("") String embedSparse,
      @DefaultValue("") String classify,
      @DefaultValue("") String rank,
      @DefaultValue("") String tag,
      @DefaultValue("") String answer,
      @DefaultValue("models") Path store,
      @DefaultValue("true") boolean keepPrepared,
      @DefaultValue("models/catalog.yml") Path catalog,
      @DefaultValue("false") boolean offline,
      @NotBlank @DefaultValue("https://huggingface.co") String hubEndpoint,
      @Nullable String hubToken,
      @Nullable Path hubCache,
      @Pattern(regexp = "auto|cpu|cuda(:\\d{1,2})?", message = "must be auto, cpu, cuda or cuda:n")
          @DefaultValue("auto")
          String device,
      @Pattern(
              regexp = "auto|float32|float16|bfloat16|int8",
              message = "must be auto, float32, float16, bfloat16 or int8")
          @DefaultValue("auto")
          String precision,
      @Pattern(
              regexp = "auto|pytorch|machine-code",
              message = "must be auto, pytorch or machine-code")
          @DefaultValue("auto")
          String backend,
      @DefaultValue("0s") Duration idleTimeout) {

    public Models {
      if (!idleTimeout.isZero() && idleTimeout.compareTo(Duration.ofMillis(100)) < 0) {
        throw new IllegalArgumentException(
            "diptych.models.idle-timeout must be 0 or at least 100ms. Given: " + idleTimeout);
      }
    }

    /** The settings that stand where names of models stand, as this file has them. */
    public static final Set<String> NAMES =
        Set.of(
            "generate",
            "fillMask",
            "embed",
            "embedSparse",
            "classify",
            "rank",
            "tag",
            "answer",
            "store",
            "keepPrepared",
            "catalog",
            "offline",
            "hubEndpoint",
            "hubToken",
            "hubCache",
            "device",
            "precision",
            "backend",
            "idleTimeout");

    @Override
    public String toString() {
      return "Models[generate=%s, fillMask=%s, embed=%s, embedSparse=%s, classify=%s, rank=%s, tag=%s, answer=%s, store=%s, offline=%s, device=%s, precision=%s, backend=%s, idleTimeout=%s]"
          .formatted(
              generate,
              fillMask,
              embed,
              embedSparse,
              classify,
              rank,
              tag,
              answer,
              store,
              offline,
              device,
              precision,
              backend,
              idleTimeout);
    }
  }

  /**
   * The decoder's limits and batching.
   *
   * @param maxConcurrentRequests requests accepted at once, running and waiting; one more is
   *     refused with 429. Higher values make callers wait longer instead. Default 128
   * @param maxBatchSequences sequences that decode together in one step. More raise the throughput
   *     and the time per token. Default 32
   * @param maxInputTokens longest prompt in tokens; 0 leaves it to the model's context. Default 0
   * @param maxTotalTokens longest prompt and answer together; 0 means the model's context. Default
   *     0
   * @param defaultMaxNewTokens length of an answer when a request does not say. Default 100
   * @param defaultMaxChatTokens length of a chat's answer when a request does not say, less where
   *     the context ends; room for all of it is reserved. Default 2048
   * @param reasoningContent tells what a model thinks before it answers as reasoning_content where
   *     its chat template marks it; otherwise it stays in the answer. Default true
   * @param maxStopSequences stop strings a request may give. Default 4
   * @param maxStopCharacters characters of each of them. Default 1000
   * @param maxTopNTokens alternatives per token a request may ask for. Default 20
   * @param maxBestOf answers to one prompt that a request may ask for. Default 8
   * @param prefillChunkTokens prompt tokens computed beside a decode step, fewer behind the first
   *     thousand; eight times as many while nothing decodes. Smaller chunks keep running streams
   *     smooth, larger ones finish prompts sooner. Prompts of up to half as many tokens pass a
   *     longer one that is in progress. Default 64
   * @param promptLookupTokens most tokens that are guessed from earlier text and computed with the
   *     next one, beside many sequences only where guesses prove right; 0 switches guessing off.
   *     More make quotations, edits and loops faster, and a wrong guess dearer. The text does not
   *     depend on it (in bfloat16 up to rounding). Default 8
   * @param cacheMemory memory for keys and values of all sequences of all decoders; requests wait
   *     when it is reserved. Where it is taken as it is written, up to a tenth of it stays with the
   *     slots when nothing needs it. Default 2GB
   * @param answerMemory Java heap for what requests want to be told beside one text: further
   *     answers, alternatives, the prompt's tokens; 0 means an eighth of the heap. Default 0
   * @param drain how long running generations may go on after a stop signal. Default 20s
   * @param heartbeat silence after which a stream sends a comment, by which a client that left is
   *     noticed. Default 10s
   */
  public record Generation(
      @Min(1) @DefaultValue("128") int maxConcurrentRequests,
      @Min(1) @Max(1024) @DefaultValue("32") int maxBatchSequences,
      @Min(0) @DefaultValue("0") int maxInputTokens,
      @Min(0) @DefaultValue("0") int maxTotalTokens,
      @Min(1) @DefaultValue("100") int defaultMaxNewTokens,
      @Min(1) @DefaultValue("2048") int defaultMaxChatTokens,
      @DefaultValue("true") boolean reasoningContent,
      @Min(0) @DefaultValue("4") int maxStopSequences,
      @Min(1) @Max(65536) @DefaultValue("1000") int maxStopCharacters,
      @Min(0) @Max(100) @DefaultValue("20") int maxTopNTokens,
      @Min(1) @Max(128) @DefaultValue("8") int maxBestOf,
      @Min(1) @DefaultValue("64") int prefillChunkTokens,
      @Min(0) @Max(16) @DefaultValue("8") int promptLookupTokens,
      @DefaultValue("2GB") DataSize cacheMemory,
      @DefaultValue("0B") DataSize answerMemory,
      @DefaultValue("20s") Duration drain,
      @DefaultValue("10s") Duration heartbeat) {

    /** Whether a prompt as long as is allowed leaves room for a token. */
    @AssertTrue(message = "max-input-tokens must be below max-total-tokens, where both are given")
    public boolean isPromptShorterThanPromptAndAnswer() {
      return maxInputTokens == 0 || maxTotalTokens == 0 || maxInputTokens < maxTotalTokens;
    }
  }

  /**
   * The encoders' limits and batching.
   *
   * @param maxConcurrentRequests inputs computed or about to be at once (each text of a batch
   *     counts). A lone one more is refused with 429; a batch waits for its places, unless four
   *     times as many inputs wait already. Default 512
   * @param maxClientBatchSize texts in one request. Default 32
   * @param maxRankedTexts texts in one request that are ranked for a query. Default 1000
   * @param maxBatchTokens tokens computed together; while other models compute, as many as take a
   *     tenth of a second. More raise throughput and memory. Default 4096
   * @param autoTruncate cuts texts that are too long when a request does not say; otherwise they
   *     are refused. Default true
   * @param answerMemory Java heap for all answers that are computed or written; one more is refused
   *     with 429, and one that alone takes more than three quarters of it with 422. 0 stands for an
   *     eighth of the heap. Default 0
   */
  public record Encoding(
      @Min(1) @DefaultValue("512") int maxConcurrentRequests,
      @Min(1) @DefaultValue("32") int maxClientBatchSize,
      @Min(1) @DefaultValue("1000") int maxRankedTexts,
      @Min(1) @DefaultValue("4096") int maxBatchTokens,
      @DefaultValue("true") boolean autoTruncate,
      @DefaultValue("0B") DataSize answerMemory) {}

  /**
   * Decisions.
   *
   * @param half {@code diptych.decisions.default}: which half answers a request that names no
   *     model, or {@code jev-latest}: {@code decoder} or {@code encoder}. Where it has no model the
   *     other one does. Default decoder
   * @param rotations cyclic orders in which a decoder sees the options of a choice, over which is
   *     averaged. More cost as much time each and make it depend less on the order. Default 2
   * @param maxQuestions questions of one request. Default 200
   * @param maxTokens tokens of all questions of a request together, each with the state, and a
   *     choice with each order or option of it. Default 262144
   */
  public record Decisions(
      @Name("default") @DefaultValue("decoder") Half half,
      @Min(1) @Max(255) @DefaultValue("2") int rotations,
      @Min(1) @Max(10_000) @DefaultValue("200") int maxQuestions,
      @Min(1) @DefaultValue("262144") long maxTokens) {

    /** One of the two halves of the Transformer. */
    public enum Half {
      DECODER("decoder"),
      ENCODER("encoder");

      private final String label;

      Half(String label) {
        this.label = label;
      }

      /** What requests and settings call it. */
      public String label() {
        return label;
      }
    }
  }

  /**
   * What holds for every connection and request.
   *
   * @param maxBodySize largest request body; a larger one is answered with 413. Default 2000000B
   * @param bodyMemory bytes that the bodies of all running requests may take together, beyond the
   *     first 16 KB of each; one that does not fit is answered with 429. Default 64MB
   * @param readTimeout within which a request's head must be whole, and again its body, however
   *     steadily it comes; a body that is late is answered with 408. Default 30s
   * @param writeTimeout how long an answer may wait for its reader, all in all; then it is given
   *     up. Default 30s
   * @param requestTimeout within which a request must be answered, from its head on; one that is
   *     not is given up with 504, or with an error as the last event of its stream. 0 allows any
   *     time. Default 0
   * @param corsOrigins pages whose scripts may call the service: origins such as {@code
   *     https://app.example}, {@code *} in a host and {@code :[*]} for any port; {@code *} alone
   *     allows every page, an empty value none. Default pages of this machine
   * @param apiKeys of which a request must bring one, as bearer token or in {@code x-api-key};
   *     without any, requests need none. Never logged
   * @param metricsOpen whether {@code /metrics} is answered without a key. Default true
   * @param tracesEndpoint the OTLP collector that traces are sent to, such as {@code
   *     http://localhost:4318}; empty sends none, unless {@code OTEL_EXPORTER_OTLP_ENDPOINT} names
   *     one
   * @param logRequests writes a line for each request when it is answered. Default false
   */
  public record Http(
      @DefaultValue("2000000B") DataSize maxBodySize,
      @DefaultValue("64MB") DataSize bodyMemory,
      @DefaultValue("30s") Duration readTimeout,
      @DefaultValue("30s") Duration writeTimeout,
      @DefaultValue("0s") Duration requestTimeout,
      @DefaultValue({
            "http://localhost:[*]",
            "https://localhost:[*]",
            "http://127.0.0.1:[*]",
            "https://127.0.0.1:[*]",
            "http://[::1]:[*]",
            "https://[::1]:[*]"
          })
          List<String> corsOrigins,
      @DefaultValue List<String> apiKeys,
      @DefaultValue("true") boolean metricsOpen,
      @DefaultValue("") String tracesEndpoint,
      @DefaultValue("false") boolean logRequests) {

    public Http {
      if (requestTimeout.isNegative()) {
        throw new IllegalArgumentException(
            "diptych.http.request-timeout must not be negative. Given: " + requestTimeout);
      }
      corsOrigins = List.copyOf(corsOrigins);
      apiKeys = List.copyOf(apiKeys);
    }

    @Override
    public String toString() {
      return "Http[maxBodySize=%s, bodyMemory=%s, readTimeout=%s, writeTimeout=%s, requestTimeout=%s, corsOrigins=%s, apiKeys=%d of them, metricsOpen=%s, tracesEndpoint=%s, logRequests=%s]"
          .formatted(
              maxBodySize,
              bodyMemory,
              readTimeout,
              writeTimeout,
              requestTimeout,
              corsOrigins,
              apiKeys.size(),
              metricsOpen,
              tracesEndpoint,
              logRequests);
    }
  }

  /**
   * The thread of all forward passes, and those that ask it for them.
   *
   * @param stepTimeout after which a step or a pass that has not ended counts as hung: who waits is
   *     told, the model counts as failed, and the liveness probe asks for a restart. Longer than
   *     the longest part of a prompt and the largest batch take on this machine. Default 10m
   */
  public record Inference(@DefaultValue("10m") Duration stepTimeout) {

    public Inference {
      if (stepTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException(
            "diptych.inference.step-timeout must be at least 1s. Given: " + stepTimeout);
      }
    }
  }
}
