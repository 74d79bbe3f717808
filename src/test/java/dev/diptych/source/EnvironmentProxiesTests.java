package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentProxiesTests {

  private final Map<String, String> variables = new HashMap<>();
  private final EnvironmentProxies proxies = new EnvironmentProxies(variables::get);

  @ParameterizedTest
  @CsvSource({
    "https_proxy, http://proxy:3128, https://hub.example, proxy:3128",
    "HTTPS_PROXY, http://proxy:3128/, https://hub.example, proxy:3128",
    "HTTPS_PROXY, proxy:3128, https://hub.example, proxy:3128",
    "HTTPS_PROXY, http://proxy, https://hub.example, proxy:80",
    "HTTP_PROXY, http://proxy:1, http://hub.example, proxy:1",
    "HTTP_PROXY, http://proxy:1, https://hub.example, ",
    "HTTPS_PROXY, http://proxy:1, http://hub.example, ",
    "ALL_PROXY, http://proxy:1, http://hub.example, proxy:1",
    "all_proxy, http://proxy:1, https://hub.example, proxy:1",
    "HTTPS_PROXY, '', https://hub.example, "
  })
  void findsTheProxyOfAnAddress(String name, String value, URI address, @Nullable String expected) {
    variables.put(name, value);

    assertThat(proxy(address)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "*; true",
        "hub.example; true",
        "example; true",
        ".example; true",
        "*.example; true",
        "HUB.example; true",
        "other, hub.example:443; true",
        "hub.example:8443; false",
        "ub.example; false",
        "hub.example.org; false",
        "'';false"
      })
  void passesTheProxyForTheHostsOfNoProxy(String value, boolean direct) {
    variables.put("https_proxy", "http://proxy:1");
    variables.put("NO_PROXY", value);

    assertThat(proxy(URI.create("https://hub.example/x")) == null).isEqualTo(direct);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, true",
    "10.1.2.3, true",
    "10.1.2.4/30, false",
    "0.0.0.0/0, true",
    "10.1.2.3/33, false"
  })
  void passesTheProxyForNetworks(String value, boolean direct) {
    variables.put("https_proxy", "http://proxy:1");
    variables.put("no_proxy", "localhost," + value);

    assertThat(proxy(URI.create("https://10.1.2.3/x")) == null).isEqualTo(direct);
  }

  @Test
  void prefersSmallLettersEvenWhenTheyAreEmpty() {
    variables.put("HTTPS_PROXY", "http://loud:1");
    assertThat(proxy(URI.create("https://a"))).isEqualTo("loud:1");

    variables.put("https_proxy", "");

    assertThat(proxy(URI.create("https://a"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"socks5://me:secret@proxy:1", "https://me:secret@proxy:1", "http://me:secret@:1"})
  void refusesOtherProxiesWithoutTheirPasswords(String value) {
    variables.put("HTTPS_PROXY", value);

    assertThatThrownBy(() -> proxies.select(URI.create("https://a")))
        .hasMessageContaining("https_proxy")
        .hasMessageNotContaining("secret");
  }

  @Test
  void goesThroughTheProxyWithItsPassword() throws Exception {
    List<String> seen = new ArrayList<>();
    HttpServer proxy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.createContext(
        "/",
        exchange -> {
          try (exchange) {
            seen.add(
                exchange.getRequestURI()
                    + " "
                    + exchange.getRequestHeaders().get("Proxy-authorization"));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    proxy.start();
    try {
      variables.put("http_proxy", "http://me:s%40fe@127.0.0.1:" + proxy.getAddress().getPort());
      HubClient client =
          new HubClient(URI.create("http://hub.invalid"), null, HubPatience.USUAL, proxies);

      client.get("/api", Map.of()).response().body().close();
    } finally {
      proxy.stop(0);
    }
    assertThat(seen).containsExactly("http://hub.invalid/api [Basic bWU6c0BmZQ==]");
  }

  private @Nullable String proxy(URI address) {
    Proxy proxy = proxies.select(address).getFirst();
    return proxy.address() instanceof InetSocketAddress socket
        ? socket.getHostString() + ":" + socket.getPort()
        : null;
  }
}
