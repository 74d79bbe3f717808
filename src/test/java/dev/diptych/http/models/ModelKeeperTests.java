package dev.diptych.http.models;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.diptych.DiptychSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.web.MockHttpServletRequest;

/** Who may load and unload models. */
class ModelKeeperTests {

  private final ModelKeeper keeper = keeper(Map.of());

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, localhost",
    "127.0.0.1, 127.0.0.1",
    "127.1.2.3, LOCALHOST",
    "0:0:0:0:0:0:0:1, localhost",
    "::1, [::1]",
    "::ffff:127.0.0.1, localhost",
    "0:0:0:0:0:0:0:1%lo, localhost"
  })
  void thisMachineMay(String address, String host) {
    assertThatNoException().isThrownBy(() -> keeper.require(request(address, host)));
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.1.7, localhost",
    "172.17.0.1, 127.0.0.1",
    "2001:db8::1, localhost",
    "127.0.0.1, evil.example",
    "127.0.0.1, 127.0.0.1.evil.example",
    "::1, 10.0.0.1"
  })
  void nobodyElseMay(String address, String host) {
    assertThatExceptionOfType(NotAllowed.class)
        .isThrownBy(() -> keeper.require(request(address, host)))
        .withMessageContaining("diptych.http.api-keys");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "x-forwarded-host"})
  void aProxyOnThisMachineMayNot(String header) {
    MockHttpServletRequest request = request("127.0.0.1", "localhost");
    request.addHeader(header, "127.0.0.1");

    assertThatExceptionOfType(NotAllowed.class).isThrownBy(() -> keeper.require(request));
  }

  @Test
  void whereKeysAreSetWhoeverCameThroughTheDoorMay() {
    ModelKeeper withKeys = keeper(Map.of("diptych.http.api-keys", "key-of-alice"));

    assertThatNoException()
        .isThrownBy(() -> withKeys.require(request("192.168.1.7", "diptych.example")));
  }

  private static MockHttpServletRequest request(String address, String host) {
    MockHttpServletRequest request = new MockHttpServletRequest("POST", "/models/load");
    request.setRemoteAddr(address);
    request.setServerName(host);
    return request;
  }

  private static ModelKeeper keeper(Map<String, String> settings) {
    return new ModelKeeper(
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("diptych", DiptychSettings.class));
  }
}
