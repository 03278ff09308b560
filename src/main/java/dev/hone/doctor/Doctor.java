package dev.hone.doctor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Examines the driver, Spark, each executor and the storage; one fault hides no other. */
public final class Doctor {
  private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);

  private final DoctorSettings settings;
  private final List<Finding> findings = new ArrayList<>();

  /** A doctor for one examination. */
  public Doctor(DoctorSettings settings) {
    this.settings = settings;
  }

  /** Examines everything; it takes a few times {@link DoctorSettings#limit()} at most. */
  public Examination examine() throws InterruptedException {
    try (StorageCheck storage =
        new StorageCheck(settings.config().workspace(), settings.hadoop(), settings.limit())) {
      LOG.info("examining the driver");
      ProcessFacts driver =
          new ProcessProbe(settings.cache(), settings.limit())
              .examine(new Place(Place.DRIVER, "localhost"), List.of(), storage.outcome());
      Cluster cluster = cluster(storage);
      judge(driver, cluster);
      findings.addAll(storage.findings(driver.place()));
      cluster.facts().values().forEach(facts -> findings.add(ProcessChecks.storage(facts)));
    }
    return new Examination(findings);
  }

  /** Starts Spark and examines its executors. */
  private Cluster cluster(StorageCheck storage) throws InterruptedException {
    SparkSession spark;
    try {
      spark = Bounded.call(settings.limit(), settings.spark());
    } catch (ExecutionException e) {
      return notStarted(Outcome.describe(e.getCause()));
    } catch (TimeoutException e) {
      return notStarted("it did not start within %d s".formatted(settings.limit().toSeconds()));
    }
    Cluster cluster =
        new ExecutorSurvey(spark.sparkContext(), settings.limit()).examine(task(spark, storage));
    findings.addAll(SparkCheck.ofSession(spark.version(), cluster));
    findings.addAll(SparkCheck.ofExecutors(cluster, settings.limit().toSeconds()));
    SparkCheck.ofCommitter(settings.config().workspace(), cluster.conf()).ifPresent(findings::add);
    return cluster;
  }

  private ExecutorTask task(SparkSession spark, StorageCheck storage) {
    return new ExecutorTask(
        settings.cache().toString(),
        settings.limit(),
        settings.config().workspace(),
        storage.trialName(),
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
  }

  private Cluster notStarted(String why) {
    Cluster cluster = Cluster.notStarted(new SparkConf());
    findings.add(
        Finding.fault(
            "spark",
            List.of(),
            "master %s: %s".formatted(cluster.master(), why),
            "Check the master's address and that its cluster takes applications; --wait gives it"
                + " longer."));
    return cluster;
  }

  private void judge(ProcessFacts driver, Cluster cluster) {
    List<ProcessFacts> all = cluster.all(driver);
    Collection<ProcessFacts> workers = cluster.workers(driver);
    all.forEach(facts -> findings.add(ProcessChecks.java(facts, driver)));
    all.forEach(facts -> findings.add(ProcessChecks.torch(facts)));
    all.forEach(facts -> findings.add(ProcessChecks.tokenizers(facts)));
    all.forEach(facts -> findings.add(ProcessChecks.processor(facts)));
    all.forEach(facts -> ProcessChecks.precision(facts, driver).ifPresent(findings::add));
    findings.addAll(ThreadsCheck.of(settings.config().train().torchThreads(), workers));
    findings.addAll(MemoryCheck.of(cluster, workers));
    GpuCheck.ofSettings(cluster).ifPresent(findings::add);
    workers.forEach(facts -> findings.add(GpuCheck.of(facts)));
    all.forEach(facts -> findings.add(ProcessChecks.cache(facts)));
  }
}
