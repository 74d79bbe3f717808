package dev.diptych.sampling.constraint;

import static java.util.Map.entry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The formats of strings, as regular expressions: texts of each, though not always all of them. */
final class Formats {

  /** Of formats that say nothing of the characters of a text. */
  static final String ANY = "(.|\\s)*";

  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final String LONG_MONTHS = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])";
  private static final String SHORT_MONTHS = "(0[469]|11)-(0[1-9]|[12][0-9]|30)";
  private static final String FEBRUARY = "02-(0[1-9]|1[0-9]|2[0-8])";
  private static final String LEAP_YEARS =
      "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";
  private static final String DATE =
      "([0-9]{4}-(%s|%s|%s)|%s-02-29)".formatted(LONG_MONTHS, SHORT_MONTHS, FEBRUARY, LEAP_YEARS);
  private static final String TIME =
      "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?"
          + "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
  private static final String LABEL = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?";
  private static final String HOST = "%s(\\.%s){0,5}".formatted(LABEL, LABEL);

  private static final String DOMAINS = // some validators know which there are
      "com|org|net|edu|gov|mil|int|info|biz|name|dev|app|ai|io|co|tv|me|eu|us|uk|ca|mx|br|ar|cl|pe"
          + "|de|at|ch|nl|be|lu|fr|es|pt|it|gr|ie|dk|se|no|fi|is|pl|cz|sk|hu|ro|bg|hr|si|rs|ee|lv|lt"
          + "|ua|ru|tr|il|ae|sa|eg|ma|ng|ke|za|in|pk|bd|lk|np|cn|hk|tw|jp|kr|sg|my|th|vn|id|ph|au|nz";

  private static final String BASE_64 = "[A-Za-z0-9+/]";

  private static final Map<String, String> PATTERNS =
      Map.ofEntries(
          entry("date", DATE),
          entry("time", TIME),
          entry("date-time", DATE + "T" + TIME),
          entry("duration", "P([0-9]{1,4}D(T[0-9]{1,3}H)?|[0-9]{1,3}W|T[0-9]{1,4}[HMS])"),
          entry("uuid", "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
          entry("ipv4", "%s(\\.%s){3}".formatted(OCTET, OCTET)),
          entry("ipv6", "([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}"),
          entry(
              "email",
              "[a-zA-Z0-9_+-]{1,32}(\\.[a-zA-Z0-9_+-]{1,20}){0,1}@(%s\\.){1,3}(%s)"
                  .formatted(LABEL, DOMAINS)),
          entry("hostname", HOST),
          entry(
              "uri",
              "https?://"
                  + HOST
                  + "(:[1-9][0-9]{0,3})?(/[A-Za-z0-9._~-]*)*"
                  + "(\\?[A-Za-z0-9._~=&-]*)?(#[A-Za-z0-9._~-]*)?"),
          entry("byte", "(B{4})*(B{2}==|B{3}=)?".replace("B", BASE_64)),
          entry("binary", ANY),
          entry("password", ANY),
          entry("int32", ANY),
          entry("int64", ANY),
          entry("float", ANY),
          entry("double", ANY));

  private Formats() {}

  /** The regular expression of a format; null for those that are not known. */
  static @Nullable String pattern(String format) {
    return PATTERNS.get(format);
  }

  static String known() {
    return String.join(", ", PATTERNS.keySet().stream().sorted().toList());
  }
}
