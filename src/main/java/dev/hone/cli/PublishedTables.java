package dev.hone.cli;

import dev.hone.store.Commit;
import dev.hone.store.Manifest;
import dev.hone.store.Tries;
import dev.hone.store.TryNote;
import dev.hone.store.Workspace;
import dev.hone.table.CatalogStatements;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The statements that register everything a workspace has published. */
final class PublishedTables {
  private PublishedTables() {}

  static List<String> statements(Workspace workspace) {
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
    statements.add(runs(workspace, runIds));
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

  /** The tries of all runs, as a view of literal rows. */
  private static String runs(Workspace workspace, List<String> runIds) {
    List<String> rows = new ArrayList<>();
    for (String runId : runIds) {
      Tries.notes(workspace, runId).forEach(note -> rows.add(row(note)));
    }
    String columns =
        "run_id, command, attempt, status, error_code, started_at, finished_at, config, code_version";
    if (rows.isEmpty()) {
      rows.add("('', '', '', '', 0, '', '', '', '')");
      return "CREATE OR REPLACE TEMPORARY VIEW runs AS SELECT * FROM VALUES "
          + rows.get(0)
          + " AS t("
          + columns
          + ") WHERE false";
    }
    return "CREATE OR REPLACE TEMPORARY VIEW runs AS SELECT * FROM VALUES "
        + String.join(", ", rows)
        + " AS t("
        + columns
        + ")";
  }

  private static String row(TryNote note) {
    List<String> values = new ArrayList<>();
    for (String text : new String[] {note.runId(), note.command(), note.attempt(), note.status()}) {
      values.add(literal(text));
    }
    values.add(note.errorCode() == null ? "CAST(NULL AS INT)" : note.errorCode().toString());
    for (String text :
        new String[] {note.startedAt(), note.finishedAt(), note.config(), note.codeVersion()}) {
      values.add(literal(text));
    }
    return values.stream().collect(Collectors.joining(", ", "(", ")"));
  }

  private static String literal(String text) {
    return text == null ? "CAST(NULL AS STRING)" : CatalogStatements.literal(text);
  }
}
