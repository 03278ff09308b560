package dev.hone.store;

import dev.hone.error.HoneException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one step published: which attempt holds its files, and all that the result depends on.
 *
 * @param step the step's name
 * @param digest over everything that changes its result
 * @param attempt random id of the try that wrote it
 * @param codeVersion version of the code that wrote it
 * @param startedAt when the try that wrote it began, as an ISO instant; empty where its version did
 *     not say
 * @param committedAt when it was published, as an ISO instant
 * @param keys the configuration keys that change the result
 * @param inputs digests of what it read, by name
 * @param resolved what {@code auto} became, by key
 * @param tables its tables, by name
 * @param artifacts its folders without rows, by name
 */
public record Commit(
    String step,
    String digest,
    String attempt,
    String codeVersion,
    String startedAt,
    String committedAt,
    SortedMap<String, String> keys,
    SortedMap<String, String> inputs,
    SortedMap<String, String> resolved,
    List<CommittedTable> tables,
    List<CommittedArtifact> artifacts) {

  /**
   * Copies maps and lists, and checks what becomes part of a path.
   *
   * @throws HoneException if step, digest or attempt is not safe in a path
   */
  public Commit {
    Ids.check("step", step);
    Ids.check("digest", digest);
    Ids.check("attempt", attempt);
    Objects.requireNonNull(codeVersion, "codeVersion");
    startedAt = Objects.requireNonNullElse(startedAt, "");
    Objects.requireNonNull(committedAt, "committedAt");
    keys = copy(keys);
    inputs = copy(inputs);
    resolved = copy(resolved);
    tables = List.copyOf(tables);
    artifacts = List.copyOf(artifacts);
  }

  private static SortedMap<String, String> copy(SortedMap<String, String> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /** The table of that name. */
  public CommittedTable table(String name) {
    return tables.stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(step + " publishes no table " + name));
  }

  /** The artifact of that name. */
  public CommittedArtifact artifact(String name) {
    return artifacts.stream()
        .filter(artifact -> artifact.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(step + " publishes no " + name));
  }
}
