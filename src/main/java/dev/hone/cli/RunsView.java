package dev.hone.cli;

import dev.hone.store.Commit;
import dev.hone.store.CommittedFile;
import dev.hone.store.Manifest;
import dev.hone.store.Tries;
import dev.hone.store.TryNote;
import dev.hone.store.Workspace;
import dev.hone.table.CatalogStatements;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tries of all runs as a view of literal rows, so that running and failed ones are seen. */
final class RunsView {
  private static final String COLUMNS =
      """
      run_id COMMENT 'the run',
      command COMMENT 'demo, run, train, ...',
      attempt COMMENT 'random id of the try',
      status COMMENT 'running, succeeded, failed, died',
      error_code COMMENT 'exit code of a failed try',
      started_at COMMENT 'ISO instant',
      finished_at COMMENT 'ISO instant; null while it runs, and where it died',
      config COMMENT 'the effective configuration',
      code_version COMMENT 'version of the code',
      model_digest COMMENT 'SHA-256 of the tuned weights; null where none are published',
      device COMMENT 'what it computed on; null where it does not tell',
      gpu_hours COMMENT 'GPUs by hours; null where the device is not known',
      estimated_cost COMMENT 'of the GPU hours; null where they are not known'
      """;

  /** Times that Spark can read: it folds constants before it sees that there is no row. */
  private static final String NO_ROW =
      "SELECT '', '', '', '', 0, '1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '', '', '', '', 0.0D, 0.0D WHERE false";

  private RunsView() {}

  static String statement(Workspace workspace) {
    List<String> rows = new ArrayList<>();
    for (String runId : workspace.runIds()) {
      List<TryNote> notes = Tries.notes(workspace, runId);
      String weights = notes.isEmpty() ? null : tunedWeights(workspace, runId).orElse(null);
      notes.forEach(note -> rows.add(row(note, weights)));
    }
    return "CREATE OR REPLACE VIEW runs (\n%s)\nAS %s"
        .formatted(
            COLUMNS, rows.isEmpty() ? NO_ROW : "SELECT * FROM VALUES\n" + String.join(",\n", rows));
  }

  private static Optional<String> tunedWeights(Workspace workspace, String runId) {
    return workspace.manifests(runId).stream()
        .filter(manifest -> manifest.step().equals("train"))
        .flatMap(manifest -> commit(workspace, manifest).stream())
        .flatMap(commit -> commit.artifacts().stream())
        .filter(artifact -> artifact.name().equals("model"))
        .flatMap(artifact -> artifact.files().stream())
        .filter(file -> file.path().equals("model.safetensors"))
        .map(CommittedFile::sha256)
        .findFirst();
  }

  private static Optional<Commit> commit(Workspace workspace, Manifest manifest) {
    return workspace.commit(manifest.step(), manifest.digest());
  }

  private static String row(TryNote note, String weights) {
    List<String> values = new ArrayList<>();
    for (String text : new String[] {note.runId(), note.command(), note.attempt(), note.status()}) {
      values.add(literal(text));
    }
    values.add(note.errorCode() == null ? "CAST(NULL AS INT)" : note.errorCode().toString());
    for (String text :
        new String[] {
          note.startedAt(),
          note.finishedAt(),
          note.config(),
          note.codeVersion(),
          weights,
          note.device()
        }) {
      values.add(literal(text));
    }
    // A processor takes no GPU's time, and costs nothing of it, whatever the price.
    String hours = "cpu".equals(note.device()) ? "0.0D" : "CAST(NULL AS DOUBLE)";
    values.add(hours);
    values.add(hours);
    return values.stream().collect(Collectors.joining(", ", "(", ")"));
  }

  private static String literal(String text) {
    return text == null ? "CAST(NULL AS STRING)" : CatalogStatements.literal(text);
  }
}
