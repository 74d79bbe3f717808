package dev.diptych.source;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}
 * name, in small letters or else in capitals, as Python's clients read them. Where the JVM has
 * proxies of its own ({@code -Dhttps.proxyHost}), those count.
 */
final class EnvironmentProxies extends ProxySelector {

  private static final int DEFAULT_PORT = 80;

  private final UnaryOperator<@Nullable String> variables;

  /**
   * @param variables the value of an environment variable; null if it is not set
   */
  EnvironmentProxies(UnaryOperator<@Nullable String> variables) {
    this.variables = variables;
  }

  @Override
  public List<Proxy> select(URI uri) {
    ProxySelector own = ProxySelector.getDefault();
    if (jvmHasProxies() && own != null) {
      return own.select(uri);
    }
    return address(uri)
        .map(
            proxy ->
                List.of(
                    new Proxy(
                        Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(proxy.getHost(), port(proxy)))))
        .orElse(List.of(Proxy.NO_PROXY));
  }

  /** What the proxy of an address is told about who asks; empty for a proxy without a password. */
  Optional<String> authorization(URI uri) {
    if (jvmHasProxies()) {
      return Optional.empty();
    }
    return address(uri)
        .map(URI::getUserInfo)
        .map(
            user ->
                "Basic "
                    + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
  }

  /** Whether any of the variables names a proxy with a password. */
  boolean needPasswords() {
    return Stream.of("https_proxy", "http_proxy", "all_proxy")
        .anyMatch(name -> variable(name).contains("@"));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // the caller learns of it
  }

  private static boolean jvmHasProxies() {
    return Stream.of("https.proxyHost", "http.proxyHost", "socksProxyHost")
            .anyMatch(name -> !System.getProperty(name, "").isEmpty())
        || Boolean.getBoolean("java.net.useSystemProxies");
  }

  /* http://user:password@host:port, or host:port */
  private Optional<URI> address(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String name = variable(scheme + "_proxy").isEmpty() ? "all_proxy" : scheme + "_proxy";
    String value = variable(name);
    if (value.isEmpty() || bypassed(uri)) {
      return Optional.empty();
    }
    String full = value.contains("://") ? value : "http://" + value;
    try {
      URI proxy = URI.create(full);
      if (proxy.getHost() != null && "http".equalsIgnoreCase(proxy.getScheme())) {
        return Optional.of(proxy);
      }
    } catch (IllegalArgumentException e) {
      // said below, without the value, which may hold a password
    }
    throw new IllegalArgumentException(
        "the variable %s names no proxy of the form http://host:port".formatted(name));
  }

  private static int port(URI proxy) {
    return proxy.getPort() < 0 ? DEFAULT_PORT : proxy.getPort();
  }

  private boolean bypassed(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
    int standard = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    int port = uri.getPort() < 0 ? standard : uri.getPort();
    return Stream.of(variable("no_proxy").toLowerCase(Locale.ROOT).split("[,\\s]+"))
        .filter(entry -> !entry.isEmpty())
        .anyMatch(entry -> covers(entry, host, port));
  }

  /* "*", an address or a network of addresses, or the end of a host's name; each but "*" with or without a port */
  private static boolean covers(String entry, String host, int port) {
    if (entry.equals("*")) {
      return true;
    }
    String name = entry;
    if (entry.matches("[^:]+:\\d{1,5}")) {
      if (Integer.parseInt(entry.substring(entry.indexOf(':') + 1)) != port) {
        return false;
      }
      name = entry.substring(0, entry.indexOf(':'));
    }
    if (name.contains("/")) {
      return AddressNetwork.parse(name).map(network -> network.has(host)).orElse(false);
    }
    String suffix = name.replaceAll("^\\*?\\.+", "").replaceAll("^\\[|]$", "");
    return !suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix));
  }

  /* the name in small letters goes before the one in capitals, even when it is empty */
  private String variable(String name) {
    String small = variables.apply(name);
    String value = small != null ? small : variables.apply(name.toUpperCase(Locale.ROOT));
    return value == null ? "" : value.strip();
  }
}
