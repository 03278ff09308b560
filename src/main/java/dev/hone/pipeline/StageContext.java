package dev.hone.pipeline;

import dev.hone.store.Commit;
import dev.hone.store.CommittedArtifact;
import dev.hone.store.LocalCache;
import dev.hone.store.Manifest;
import dev.hone.store.Publication;
import dev.hone.store.Workspace;
import dev.hone.table.TableDefinition;
import dev.hone.table.TableFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every stage of a run shares.
 *
 * @param spark the session
 * @param workspace where steps are published
 * @param runId the run that manifests are written for
 * @param cache this machine's cache
 * @param codeVersion recorded with each commit
 */
public record StageContext(
    SparkSession spark, Workspace workspace, String runId, LocalCache cache, String codeVersion) {
  private static final Logger LOG = LoggerFactory.getLogger(StageContext.class);

  /** The same in another session. */
  public StageContext in(SparkSession other) {
    return new StageContext(other, workspace, runId, cache, codeVersion);
  }

  /**
   * The commit of a step: the one published by any run, or else written here and published.
   *
   * <p>A run that reuses a commit writes its manifest before it reads.
   */
  public Commit run(StepSpec spec, StepBody body) {
    String digest = spec.digest();
    Optional<Commit> published = workspace.commit(spec.step(), digest);
    if (published.isPresent()) {
      LOG.info("{}: published already, not done again", label(spec));
      return recorded(spec, published.get());
    }
    Instant startedAt = Instant.now();
    long start = System.nanoTime();
    LOG.info("{}: started", label(spec));
    spark.sparkContext().setJobGroup(runId, "hone " + label(spec) + ", run " + runId, true);
    Attempt attempt = new Attempt(workspace, spec.step());
    body.write(attempt);
    Publication publication = workspace.publish(commit(spec, attempt, startedAt));
    LOG.info(
        "{}: {} after {} s",
        label(spec),
        publication.won() ? "published" : "another try published it first",
        Math.round((System.nanoTime() - start) / 1e8) / 10.0);
    return recorded(spec, publication.commit());
  }

  private static String label(StepSpec spec) {
    return spec.part().equals("all") ? spec.step() : spec.step() + " (" + spec.part() + ")";
  }

  private Commit commit(StepSpec spec, Attempt attempt, Instant startedAt) {
    return new Commit(
        spec.step(),
        spec.digest(),
        attempt.id(),
        codeVersion,
        startedAt.toString(),
        Instant.now().toString(),
        spec.keys(),
        spec.inputs(),
        spec.resolved(),
        attempt.tables(),
        attempt.artifacts());
  }

  private Commit recorded(StepSpec spec, Commit commit) {
    workspace.writeManifest(new Manifest(runId, spec.step(), spec.part(), commit.digest()));
    return commit;
  }

  /**
   * What the run uses for a key that the configuration leaves to it: what it chose before its first
   * step, on whatever machine that was.
   *
   * @param choice asked where the run has not chosen yet
   */
  public String chosen(String key, Supplier<String> choice) {
    boolean[] asked = new boolean[1];
    String value =
        workspace.chosen(
            runId,
            key,
            () -> {
              asked[0] = true;
              return choice.get();
            });
    if (!asked[0]) {
      LOG.info("{} = auto is {}, as when the run began", key, value);
    }
    return value;
  }

  /** A published table's rows; files that hold none are not opened. */
  public Dataset<Row> read(Commit commit, TableDefinition table) {
    if (commit.table(table.name()).rows() == 0) {
      return TableFiles.read(spark, table, List.of());
    }
    String folder = workspace.tablePath(commit.step(), commit.attempt(), table.name());
    List<String> files =
        commit.table(table.name()).files().stream()
            .map(file -> folder + "/" + file.path())
            .toList();
    return TableFiles.read(spark, table, files);
  }

  /** A published artifact on this machine's disk, checked against its checksums once. */
  public Path localCopy(Commit commit, String name) {
    CommittedArtifact artifact = commit.artifact(name);
    String folder = workspace.artifactPath(commit.step(), commit.attempt(), name);
    return cache.entry(
        name + "-" + commit.attempt(),
        target -> workspace.download(folder, artifact.files(), target));
  }
}
