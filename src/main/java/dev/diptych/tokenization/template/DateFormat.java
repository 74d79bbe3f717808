package dev.diptych.tokenization.template;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Python's {@code strftime}, in English. */
final class DateFormat {

  private DateFormat() {}

  static String format(String format, LocalDateTime time) {
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '%') {
        text.append(c);
        continue;
      }
      boolean unpadded = format.startsWith("-", i);
      i += unpadded ? 1 : 0;
      String field = field(i < format.length() ? format.charAt(i++) : ' ', time);
      text.append(unpadded && field.startsWith("0") ? field.substring(1) : field);
    }
    return text.toString();
  }

  private static String field(char code, LocalDateTime time) {
    String pattern =
        switch (code) {
          case 'Y' -> "uuuu";
          case 'y' -> "uu";
          case 'm' -> "MM";
          case 'd' -> "dd";
          case 'B' -> "MMMM";
          case 'b', 'h' -> "MMM";
          case 'A' -> "EEEE";
          case 'a' -> "EEE";
          case 'H' -> "HH";
          case 'I' -> "hh";
          case 'M' -> "mm";
          case 'S' -> "ss";
          case 'f' -> "SSSSSS";
          case 'j' -> "DDD";
          case 'p' -> "a";
          case 'F' -> "uuuu-MM-dd";
          case 'T' -> "HH:mm:ss";
          case '%' -> "'%'";
          default ->
              throw new TemplateFailed("the date field %%%s is not supported".formatted(code));
        };
    return DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
  }
}
