package dev.hone.bench;

import dev.hone.config.RunConfig;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/**
 * What every benchmark runs with.
 *
 * @param config the options of the steps; its data sets are replaced
 * @param sets keys and values that were set for all configurations, those of a benchmark too
 * @param workspace where runs that are worth keeping are published
 * @param folder a local folder that is empty and deleted afterwards
 * @param queries how many queries are searched with or scored; none for the benchmark's own
 * @param depth how many results of each query are scored
 * @param heap of each executor that mines, MiB
 * @param parts what of mining is measured
 */
public record BenchSettings(
    SparkSession spark,
    LocalCache cache,
    RunConfig config,
    List<String> sets,
    Workspace workspace,
    Path folder,
    String codeVersion,
    Optional<Integer> queries,
    int depth,
    int heap,
    Set<MinePart> parts) {
  /** Copies the list. */
  public BenchSettings {
    sets = List.copyOf(sets);
  }
}
