package dev.hone.train;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names some of a model's parameters: a layer's number (from 0), a range of them such as {@code
 * 0-3}, or a name with all that lies below it, in which {@code *} stands for any characters.
 *
 * @param text as the configuration writes it
 */
record ParameterPattern(String text) {
  private static final Pattern LAYERS = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");
  private static final Pattern IN_LAYER = Pattern.compile("(?:^|\\.)layers?\\.(\\d{1,4})\\.");

  /** The layer that a parameter belongs to, from 0; nothing for one outside of them. */
  static OptionalInt layer(String name) {
    Matcher found = IN_LAYER.matcher(name);
    return found.find() ? OptionalInt.of(Integer.parseInt(found.group(1))) : OptionalInt.empty();
  }

  boolean matches(String name) {
    Matcher layers = LAYERS.matcher(text);
    if (layers.matches()) {
      int first = Integer.parseInt(layers.group(1));
      int last = layers.group(2) == null ? first : Integer.parseInt(layers.group(2));
      OptionalInt layer = layer(name);
      return layer.isPresent() && layer.getAsInt() >= first && layer.getAsInt() <= last;
    }
    String regex = Pattern.quote(text).replace("*", "\\E.*\\Q");
    return name.matches(regex + "(\\..*)?");
  }
}
