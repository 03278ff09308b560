package dev.hone.bench;

import dev.hone.config.RunConfig;
import dev.hone.store.LocalCache;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * What every benchmark runs with.
 *
 * @param config the options of the steps; its data sets are replaced
 * @param folder a local folder that is empty and deleted afterwards
 */
public record BenchSettings(
    SparkSession spark, LocalCache cache, RunConfig config, Path folder, String codeVersion) {}
