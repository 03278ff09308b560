package dev.hone.config;

import java.util.function.Function;

/**
 * One configuration key: its name, what it accepts, its default and what it means. Loading,
 * validation, help texts and the effective configuration all come from it.
 *
 * @param <C> the record that holds the value
 * @param <T> the type of the value
 * @param group the path of the group below {@code hone}, empty for the top level; {@code []} stands
 *     for each entry of a list
 * @param name the path inside the group
 * @param type the accepted values
 * @param defaultText the default as HOCON; null where the key must be given
 * @param description what the key means, in one sentence
 * @param accessor the value in the record
 */
record Key<C, T>(
    String group,
    String name,
    ValueType<T> type,
    String defaultText,
    String description,
    Function<C, T> accessor) {

  /** The path below {@code hone}. */
  String path() {
    return group.isEmpty() ? name : group + "." + name;
  }

  /** Whether {@code --set} takes the value as it is written. */
  boolean isText() {
    return Keys.TEXTS.contains(path());
  }

  /**
   * Refuses a value that is out of range.
   *
   * @throws IllegalArgumentException if the value is null or not accepted
   */
  void check(T value) {
    if (value == null || !type.valid().test(value)) {
      throw new IllegalArgumentException(path() + type.violation(value));
    }
  }
}
