package dev.hone.config;

import com.typesafe.config.ConfigOrigin;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong with a configuration, so that one message says it all. */
final class Problems {
  private final List<String> lines = new ArrayList<>();

  /** Notes a problem at a place; null where there is none. */
  void add(ConfigOrigin origin, String problem) {
    String place = place(origin);
    lines.add(place.isEmpty() ? problem : place + ": " + problem);
  }

  /** How many problems there are so far. */
  int count() {
    return lines.size();
  }

  /**
   * Ends loading if anything is wrong.
   *
   * @throws HoneException with one line per problem
   */
  void throwIfAny() {
    if (!lines.isEmpty()) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          (lines.size() == 1
                  ? "The configuration has a problem:"
                  : "The configuration has " + lines.size() + " problems:")
              + "\n  "
              + String.join("\n  ", lines));
    }
  }

  private static String place(ConfigOrigin origin) {
    if (origin == null) {
      return "";
    }
    String source = origin.filename() == null ? origin.description() : origin.filename();
    if (origin.lineNumber() > 0 && !source.startsWith("--set")) {
      return source.replaceFirst(": \\d+$", "") + ":" + origin.lineNumber();
    }
    return source.startsWith("--set") ? source.replaceFirst(": \\d+$", "") : "";
  }
}
