package dev.hone.pipeline;

import dev.hone.store.CommittedArtifact;
import dev.hone.store.CommittedFile;
import dev.hone.store.CommittedTable;
import dev.hone.store.Workspace;
import dev.hone.table.TableDefinition;
import dev.hone.table.TableFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** One try of a step: what it writes, none of it visible before the step is committed. */
public final class Attempt {
  private final Workspace workspace;
  private final String step;
  private final String id;
  private final List<CommittedTable> tables = new ArrayList<>();
  private final List<CommittedArtifact> artifacts = new ArrayList<>();

  Attempt(Workspace workspace, String step) {
    this.workspace = workspace;
    this.step = step;
    this.id = workspace.newAttempt();
  }

  /**
   * Writes a table's rows; the rows are computed once.
   *
   * @return the rows as they are written
   */
  public Dataset<Row> table(TableDefinition table, Dataset<Row> rows) {
    String folder = workspace.tablePath(step, id, table.name());
    long count = TableFiles.write(table, rows, folder);
    tables.add(
        new CommittedTable(table.name(), table.version(), count, workspace.describe(folder)));
    return rows.sparkSession().read().schema(table.schema()).parquet(folder);
  }

  /** Where a table of this try lies. */
  public String tableFolder(TableDefinition table) {
    return workspace.tablePath(step, id, table.name());
  }

  /** Copies a local folder's files as an artifact. */
  public void artifact(String name, Path folder) {
    String target = workspace.artifactPath(step, id, name);
    workspace.upload(folder, target);
    written(name);
  }

  /** Where tasks on executors may write artifacts under names of their own, one folder each. */
  public String artifactsFolder() {
    return workspace.attemptPath(step, id);
  }

  /** Where a task on an executor may write an artifact itself. */
  public String artifactFolder(String name) {
    return workspace.artifactPath(step, id, name);
  }

  /** Takes the files that tasks wrote into an artifact's folder as the artifact. */
  public void written(String name, List<CommittedFile> files) {
    artifacts.add(new CommittedArtifact(name, files));
  }

  /** Takes what lies in an artifact's folder as the artifact. */
  public void written(String name) {
    artifacts.add(
        new CommittedArtifact(name, workspace.describe(workspace.artifactPath(step, id, name))));
  }

  String id() {
    return id;
  }

  List<CommittedTable> tables() {
    return tables;
  }

  List<CommittedArtifact> artifacts() {
    return artifacts;
  }
}
