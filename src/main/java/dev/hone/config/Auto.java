package dev.hone.config;

import java.util.Objects;

/**
 * A value that is either fixed by the configuration or left to Hone ({@code auto}), which then
 * chooses it once per run.
 *
 * @param <T> the type of the value
 */
public sealed interface Auto<T> {

  /** A value that the configuration fixes. */
  static <T> Auto<T> fixed(T value) {
    return new Fixed<>(value);
  }

  /** A value that Hone chooses. */
  static <T> Auto<T> chosen() {
    return new Chosen<>();
  }

  /** Whether Hone has to choose the value. */
  boolean isAuto();

  /** The fixed value, or {@code choice} where Hone has to choose. */
  T orElse(T choice);

  /**
   * The fixed value.
   *
   * @param <T> the type of the value
   * @param value never null
   */
  record Fixed<T>(T value) implements Auto<T> {
    /** Refuses null. */
    public Fixed {
      Objects.requireNonNull(value, "value");
    }

    @Override
    public boolean isAuto() {
      return false;
    }

    @Override
    public T orElse(T choice) {
      return value;
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  /**
   * The value left to Hone.
   *
   * @param <T> the type of the value
   */
  record Chosen<T>() implements Auto<T> {
    @Override
    public boolean isAuto() {
      return true;
    }

    @Override
    public T orElse(T choice) {
      return choice;
    }

    @Override
    public String toString() {
      return "auto";
    }
  }
}
