package dev.diptych.source;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * IPv4 addresses that begin with the same bits, written {@code 10.0.0.0/8}.
 *
 * @param mask has the bits that count
 */
record AddressNetwork(int address, int mask) {

  private static final Pattern ADDRESS =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

  /** The network; empty for what is none. */
  static Optional<AddressNetwork> parse(String text) {
    int slash = text.indexOf('/');
    String bits = text.substring(slash + 1);
    if (!bits.matches("\\d{1,2}") || Integer.parseInt(bits) > Integer.SIZE) {
      return Optional.empty();
    }
    int count = Integer.parseInt(bits);
    int mask = count == 0 ? 0 : -1 << (Integer.SIZE - count);
    return address(text.substring(0, slash)).map(a -> new AddressNetwork(a, mask));
  }

  /** Whether a host is an address of this network; one with a name is none. */
  boolean has(String host) {
    return address(host).map(other -> (other & mask) == (address & mask)).orElse(false);
  }

  private static Optional<Integer> address(String text) {
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int address = 0;
    for (int i = 1; i <= matcher.groupCount(); i++) {
      int part = Integer.parseInt(matcher.group(i));
      if (part > 255) {
        return Optional.empty();
      }
      address = address << 8 | part;
    }
    return Optional.of(address);
  }
}
