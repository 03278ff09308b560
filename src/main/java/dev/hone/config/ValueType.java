package dev.hone.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What values a key accepts: how one is read from a file, which ones are in range, and how one is
 * written back.
 *
 * @param <T> the Java type of the value
 * @param accepts the accepted values in words, to follow "must be"
 * @param parser reads a value that is not null; throws IllegalArgumentException or
 *     ArithmeticException where it has another shape
 * @param valid whether a value is in range
 * @param renderer the value as Typesafe Config takes it
 */
record ValueType<T>(
    String accepts,
    Function<ConfigValue, T> parser,
    Predicate<T> valid,
    Function<T, Object> renderer) {

  /**
   * Reads and checks a value.
   *
   * @throws IllegalArgumentException if the value is not one of the accepted; the message continues
   *     the key's name
   */
  T parse(ConfigValue value) {
    T parsed;
    try {
      parsed = parser.apply(value);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(violation(shown(value)), e);
    }
    if (!valid.test(parsed)) {
      throw new IllegalArgumentException(violation(shown(value)));
    }
    return parsed;
  }

  /** The end of a message that refuses a value. */
  String violation(Object value) {
    return " is " + value + ", but must be " + accepts;
  }

  /** The value as its author wrote it, cut to a readable length, secrets masked. */
  private static String shown(ConfigValue value) {
    if (value instanceof ConfigObject) {
      return "a group of keys";
    }
    String text =
        value.valueType() == ConfigValueType.STRING
            ? '"' + Secrets.masked((String) value.unwrapped()) + '"'
            : Secrets.masked(value.render(ConfigRenderOptions.concise()));
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
