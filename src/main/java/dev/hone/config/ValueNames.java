package dev.hone.config;

/** The words that configuration files use for the values of enums. */
public final class ValueNames {
  private ValueNames() {}

  /** The word for a type of data set. */
  public static String of(DatasetType type) {
    return ValueTypes.word(type);
  }
}
