package dev.hone.config;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Keeps what looks like a secret out of every text that Hone prints. */
final class Secrets {
  /** What stands in place of a secret. */
  static final String MASK = "***";

  private static final Pattern NAME =
      Pattern.compile("secret|password|passwd|token|access[-_. ]?key|api[-_. ]?key|credential");

  private static final Pattern ASSIGNED =
      Pattern.compile(
          "(?i)((?:[\\w.-]*(?:secret|password|passwd|token|access[-_.]?key|api[-_.]?key|credential)"
              + "[\\w.-]*)\\s*[=:]\\s*\"?)[^\\s;&,\"'}]+");

  private static final Pattern USER_INFO = Pattern.compile("(\\w://[^/\\s:@]*:)[^/\\s@]+@");

  private Secrets() {}

  /** Whether a key or an option of this name holds a secret. */
  static boolean isSecret(String name) {
    return NAME.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  /** The text with the secrets masked that it assigns: in options, URLs and user information. */
  static String masked(String text) {
    String withoutAssigned = ASSIGNED.matcher(text).replaceAll("$1" + MASK);
    return USER_INFO.matcher(withoutAssigned).replaceAll("$1" + MASK + "@");
  }

  /** The options with the secrets masked. */
  static SortedMap<String, String> masked(Map<String, String> options) {
    SortedMap<String, String> masked = new TreeMap<>();
    options.forEach((name, value) -> masked.put(name, isSecret(name) ? MASK : masked(value)));
    return masked;
  }
}
