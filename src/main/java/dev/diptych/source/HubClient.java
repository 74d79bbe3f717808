package dev.diptych.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** HTTPS to the Hub. The token goes to the Hub's own address and to no place it redirects to. */
final class HubClient {

  private static final int MOST_REDIRECTS = 5;
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");
  private static final String TUNNELS_WITHOUT = "jdk.http.auth.tunneling.disabledSchemes";
  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  /**
   * The first answer that is no redirect.
   *
   * @param linkedEtag what the Hub said of the file before it redirected; for large files the
   *     SHA-256
   */
  record Answer(HttpResponse<InputStream> response, @Nullable String linkedEtag) {}

  private record Outage(Instant until, String reason) {}

  private final URI endpoint;
  private final @Nullable String token;
  private final HubPatience patience;
  private final EnvironmentProxies proxies;
  private final HttpClient http;
  private volatile @Nullable Outage outage;

  /**
   * @param endpoint the Hub's address, without a path or with one
   * @param token bearer token for gated repositories; null or blank for none
   */
  HubClient(URI endpoint, @Nullable String token, HubPatience patience) {
    this(endpoint, token, patience, new EnvironmentProxies(System::getenv));
  }

  HubClient(
      URI endpoint, @Nullable String token, HubPatience patience, EnvironmentProxies proxies) {
    String address = endpoint.toString();
    this.endpoint =
        URI.create(address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
    String scheme = String.valueOf(endpoint.getScheme());
    if (endpoint.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new IllegalArgumentException(
          "diptych.models.hub-endpoint must be an http(s) address, not " + endpoint);
    }
    this.patience = patience;
    this.token = token == null || token.isBlank() ? null : token.strip();
    if (this.token != null && !TOKEN.matcher(this.token).matches()) {
      throw new IllegalArgumentException(
          "diptych.models.hub-token has characters that no token has");
    }
    this.proxies = proxies;
    if (proxies.needPasswords() && System.getProperty(TUNNELS_WITHOUT) == null) {
      System.setProperty(TUNNELS_WITHOUT, ""); // else the JDK sends no password to a proxy
    }
    this.http =
        HttpClient.newBuilder()
            .proxy(proxies)
            .connectTimeout(patience.connect())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  HubPatience patience() {
    return patience;
  }

  URI endpoint() {
    return endpoint;
  }

  /**
   * Asks for a path below the endpoint and follows redirects.
   *
   * @param path starts with a slash, encoded
   * @return an answer with status 200, 206 or 416, whose body the caller closes
   * @throws HubFailure for any other status, and when there is no answer
   */
  Answer get(String path, Map<String, String> headers) throws IOException, InterruptedException {
    Outage known = outage;
    if (known != null && Instant.now().isBefore(known.until())) {
      throw new HubFailure(HubFailure.Kind.UNREACHABLE, known.reason(), Duration.ZERO);
    }
    URI uri = URI.create(endpoint + path);
    String linkedEtag = null;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpResponse<InputStream> response = send(uri, headers);
      linkedEtag =
          linkedEtag != null
              ? linkedEtag
              : response
                  .headers()
                  .firstValue("X-Linked-Etag")
                  .map(HubClient::unquoted)
                  .orElse(null);
      int status = response.statusCode();
      if (status == 200 || status == 206 || status == 416) {
        return new Answer(response, linkedEtag);
      }
      response.body().close();
      if (status / 100 != 3) {
        throw refusal(uri, response);
      }
      uri = target(uri, response);
    }
    throw HubFailure.last("more than %d redirects".formatted(MOST_REDIRECTS));
  }

  private HttpResponse<InputStream> send(URI uri, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(patience.answer());
    request.header("User-Agent", "diptych");
    headers.forEach(request::header);
    if (token != null && isEndpoint(uri)) {
      request.header("Authorization", "Bearer " + token);
    }
    if (proxied(uri)) {
      proxies.authorization(uri).ifPresent(value -> request.header("Proxy-Authorization", value));
    } else {
      requireResolvable(uri);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (HttpConnectTimeoutException e) {
      throw unreachable(
          uri, "no connection within %d s".formatted(patience.connect().toSeconds()), e);
    } catch (ConnectException e) {
      String why = e.getMessage();
      throw unreachable(uri, why == null || why.isBlank() ? "connection refused" : why, e);
    } catch (HttpTimeoutException e) {
      throw unreachable(uri, "no answer within %d s".formatted(patience.answer().toSeconds()), e);
    } catch (SSLHandshakeException e) {
      throw unreachable(uri, "no trusted connection: " + Reason.of(e), e);
    } catch (IOException e) {
      throw new HubFailure(
          HubFailure.Kind.CUT,
          "connection to %s failed: %s".formatted(uri.getHost(), Reason.of(e)),
          e);
    }
  }

  private boolean proxied(URI uri) throws HubFailure {
    try {
      return proxies.select(uri).stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT);
    } catch (IllegalArgumentException e) {
      throw HubFailure.last(String.valueOf(e.getMessage()));
    }
  }

  /* The client's own time limit for connections does not cover the look-up of the name. */
  private void requireResolvable(URI uri) throws HubFailure, InterruptedException {
    FutureTask<InetAddress> lookup = new FutureTask<>(() -> InetAddress.getByName(uri.getHost()));
    Thread.ofPlatform().daemon().name("look-up").start(lookup); // holds its thread all the while
    try {
      lookup.get(patience.connect().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw unreachable(uri, "the host name cannot be resolved", e);
    } catch (TimeoutException e) {
      throw unreachable(uri, "the host name is not resolved in time", e);
    }
  }

  private HubFailure unreachable(URI uri, String why, Exception cause) {
    String reason = "cannot reach %s (%s)".formatted(uri.getHost(), why);
    if (isEndpoint(uri)) {
      outage = new Outage(Instant.now().plus(REMEMBERED), reason);
    }
    return new HubFailure(HubFailure.Kind.UNREACHABLE, reason, cause);
  }

  private boolean isEndpoint(URI uri) {
    return Objects.equals(uri.getScheme(), endpoint.getScheme())
        && Objects.equals(uri.getHost(), endpoint.getHost())
        && uri.getPort() == endpoint.getPort();
  }

  private static URI target(URI from, HttpResponse<?> response) throws HubFailure {
    String location = response.headers().firstValue("Location").orElse("");
    try {
      URI to = from.resolve(location);
      boolean downgrade = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
      if (location.isEmpty() || to.getHost() == null || downgrade) {
        throw HubFailure.last("refused the redirect of %s".formatted(from.getHost()));
      }
      return to;
    } catch (IllegalArgumentException e) {
      throw HubFailure.last("%s redirects to no address".formatted(from.getHost()));
    }
  }

  private HubFailure refusal(URI uri, HttpResponse<?> response) {
    int status = response.statusCode();
    if (status == 429 || status >= 500) {
      return new HubFailure(
          HubFailure.Kind.BUSY,
          "%s answers %d".formatted(uri.getHost(), status),
          retryAfter(response.headers().firstValue("Retry-After").orElse("")));
    }
    String hint =
        switch (status) {
          case 401, 403 ->
              token == null
                  ? " (gated or private, or it does not exist; diptych.models.hub-token is not set)"
                  : " (the token gives no access to it, or it does not exist)";
          case 404 -> " (no such repository, revision or file)";
          default -> "";
        };
    return HubFailure.last("%s answers %d%s".formatted(uri.getHost(), status, hint));
  }

  /* seconds or an HTTP date */
  private static Duration retryAfter(String value) {
    if (value.matches("\\d{1,6}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(Instant.now(), at);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }

  static String unquoted(String etag) {
    return etag.replaceAll("^(W/)?\"|\"$", "");
  }
}
