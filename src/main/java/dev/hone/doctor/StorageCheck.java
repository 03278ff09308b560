package dev.hone.doctor;

import dev.hone.store.Workspace;
import dev.hone.store.WorkspaceTrial;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries from the driver whether steps can be published in the workspace. */
final class StorageCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StorageCheck.class);

  /** Tries are taken for dead by the store's clock after a minute. */
  private static final Duration LONGEST_SKEW = Duration.ofSeconds(30);

  private static final long LEAST_FREE = 2 * Sizes.GIB;

  /** Classes that a workspace on S3 needs, each with where it comes from. */
  private static final List<String> S3A =
      List.of(
          "org.apache.hadoop.fs.s3a.S3AFileSystem",
          "software.amazon.awssdk.services.s3.S3Client",
          "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol");

  private final String uri;
  private final Duration limit;
  private final AtomicReference<WorkspaceTrial> trial = new AtomicReference<>();
  private final Outcome outcome;

  StorageCheck(String uri, Configuration hadoop, Duration limit) {
    this.uri = uri;
    this.limit = limit;
    this.outcome = Outcome.of(limit, () -> start(hadoop));
  }

  private String start(Configuration hadoop) {
    List<String> missing = uri.startsWith("s3a:") ? missing(S3A) : List.of();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "the workspace %s needs %s, which are not on the class path"
              .formatted(uri, String.join(", ", missing)));
    }
    Workspace workspace = Workspace.open(uri, hadoop);
    trial.set(WorkspaceTrial.of(workspace));
    return "%s can be written, and creates a file only once".formatted(workspace.uri());
  }

  private static List<String> missing(List<String> classes) {
    List<String> missing = new ArrayList<>();
    for (String name : classes) {
      try {
        Class.forName(name, false, Thread.currentThread().getContextClassLoader());
      } catch (ClassNotFoundException e) {
        missing.add(name);
      }
    }
    return missing;
  }

  /** How the trial ended. */
  Outcome outcome() {
    return outcome;
  }

  /** The name of the file that other processes must see; empty where there is none. */
  String trialName() {
    return outcome.works() ? trial.get().name() : "";
  }

  List<Finding> findings(Place driver) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.of(
            "storage",
            driver,
            outcome,
            uri.startsWith("s3a:")
                ? "The embedded Spark brings S3A; another one needs hadoop-aws of its Hadoop's"
                    + " version, the AWS SDK and spark-hadoop-cloud in jars/. conf/spark/s3a.conf"
                    + " holds settings; -- --conf spark.hadoop.fs.s3a.endpoint=... names a server."
                : ""));
    if (outcome.works()) {
      clock(driver, findings);
      space(driver, findings);
    }
    return findings;
  }

  private void clock(Place driver, List<Finding> findings) {
    Duration ahead = trial.get().clockAhead();
    if (ahead.abs().compareTo(LONGEST_SKEW) > 0) {
      findings.add(
          Finding.warning(
              "storage",
              List.of(driver),
              "its clock is %d s %s this machine's"
                  .formatted(ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of"),
              "Synchronize the clocks (chronyd, ntpd): signed requests are refused after 15"
                  + " minutes, and tries of other machines look dead or alive too long."));
    }
  }

  private void space(Place driver, List<Finding> findings) {
    if (uri.matches("(?!file:)[A-Za-z][A-Za-z0-9+.-]*:.*")) {
      return; // HDFS and S3 do not run full under one run
    }
    Path folder = Path.of(uri.replaceFirst("^(?i:file):/*", "/")).toAbsolutePath();
    try {
      FileStore disk = Files.getFileStore(folder);
      if (disk.getUsableSpace() < LEAST_FREE) {
        findings.add(
            Finding.warning(
                "storage",
                List.of(driver),
                "%s are free in %s".formatted(Sizes.gib(disk.getUsableSpace()), folder),
                "Free space there: the tables, vectors and models of a run take a few GiB."));
      }
    } catch (IOException e) {
      findings.add(
          Finding.warning("storage", List.of(driver), "how much is free cannot be told: " + e, ""));
    }
  }

  /**
   * Deletes the file; one that cannot be deleted is a finding too late to show, so it is logged.
   */
  @Override
  public void close() {
    WorkspaceTrial started = trial.get();
    if (started != null) {
      Outcome closed =
          Outcome.of(
              limit,
              () -> {
                started.close();
                return "deleted";
              });
      if (!closed.works()) {
        LOG.warn("{}", closed.text());
      }
    }
  }
}
