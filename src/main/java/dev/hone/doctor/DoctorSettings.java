package dev.hone.doctor;

import dev.hone.config.RunConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * What is examined.
 *
 * @param config the workspace and the threads come from it
 * @param hadoop Hadoop's settings, without a Spark session
 * @param cache the cache's folder, which need not exist
 * @param spark starts Spark; it may fail, or not come back
 * @param limit the most time for Spark's start, for its executors to come, and for each trial
 */
public record DoctorSettings(
    RunConfig config,
    Configuration hadoop,
    Path cache,
    Callable<SparkSession> spark,
    Duration limit) {}
