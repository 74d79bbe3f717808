package dev.diptych.http.models;

import dev.diptych.DiptychSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Says who may load and unload models: whoever brings a key where keys are set, which the door has
 * seen, else whoever is on this machine.
 */
@Component
final class ModelKeeper {

  /*
   * A proxy on this machine speaks for others, and a page in a browser here may have been sent by
   * anybody who makes a name of his mean this machine; so what was forwarded counts as from outside,
   * and what asks for another host than this machine too.
   */

  private static final List<String> OF_PROXIES =
      List.of(
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Real-IP",
          "Via");
  private final boolean keysAreSet;

  ModelKeeper(DiptychSettings settings) {
    this.keysAreSet = !settings.http().apiKeys().isEmpty();
  }

  /**
   * Lets a request pass that may change the models.
   *
   * @throws NotAllowed if it may not
   */
  void require(HttpServletRequest request) {
    if (keysAreSet) {
      return;
    }
    String host = request.getServerName();
    boolean isFromHere =
        isLoopback(request.getRemoteAddr())
            && (host.equalsIgnoreCase("localhost") || isLoopback(host))
            && OF_PROXIES.stream().noneMatch(header -> request.getHeader(header) != null);
    if (!isFromHere) {
      throw new NotAllowed(
          "models are loaded and unloaded with an API key (diptych.http.api-keys) or, where none is"
              + " set, from the machine itself and without a proxy only");
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.ofLiteral(address.replaceAll("[\\[\\]]|%.*", "")).isLoopbackAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
