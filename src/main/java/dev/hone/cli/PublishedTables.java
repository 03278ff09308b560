package dev.hone.cli;

import dev.hone.store.Commit;
import dev.hone.store.Manifest;
import dev.hone.store.Workspace;
import dev.hone.table.CatalogStatements;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements that register everything a workspace has published, with the views over it. */
final class PublishedTables {
  private PublishedTables() {}

  /** Those of all tables and of all views, {@code runs} first. */
  static List<String> statements(Workspace workspace) {
    List<String> statements = tables(workspace);
    statements.add(RunsView.statement(workspace));
    statements.addAll(SqlViews.statements());
    return statements;
  }

  /** The same with those views alone that the queries read. */
  static List<String> statements(Workspace workspace, List<String> queries) {
    List<String> statements = tables(workspace);
    SqlViews.Needed needed = SqlViews.needed(queries);
    if (needed.runs()) {
      statements.add(RunsView.statement(workspace));
    }
    statements.addAll(needed.statements());
    return statements;
  }

  private static List<String> tables(Workspace workspace) {
    List<String> statements = new ArrayList<>();
    List<String> runIds = workspace.runIds();
    for (TableDefinition table : Tables.ALL) {
      List<CatalogStatements.Partition> partitions = new ArrayList<>();
      for (String runId : runIds) {
        for (Manifest manifest : workspace.manifests(runId)) {
          partition(workspace, table, manifest).ifPresent(partitions::add);
        }
      }
      statements.addAll(CatalogStatements.register(table, workspace.uri() + "/tables", partitions));
    }
    return statements;
  }

  private static Optional<CatalogStatements.Partition> partition(
      Workspace workspace, TableDefinition table, Manifest manifest) {
    Optional<Commit> commit = workspace.commit(manifest.step(), manifest.digest());
    return commit
        .filter(
            found ->
                found.tables().stream()
                    .anyMatch(
                        one ->
                            one.name().equals(table.name())
                                && one.schemaVersion() == table.version()))
        .map(
            found ->
                new CatalogStatements.Partition(
                    manifest.runId(),
                    manifest.part(),
                    workspace.tablePath(found.step(), found.attempt(), table.name())));
  }
}
