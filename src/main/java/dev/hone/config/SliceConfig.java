package dev.hone.config;

import java.util.List;
import java.util.Optional;

/**
 * A way to part the evaluated queries, each part measured by itself.
 *
 * @param name what the tables call it
 * @param by a Spark SQL expression over {@code queries} and {@code documents}, the relevant ones;
 *     empty for a slice that Hone knows by its name
 */
public record SliceConfig(String name, Optional<String> by) {
  /** The slices that need no expression. */
  public static final List<String> KNOWN = List.of("domain", "length", "positives");
}
