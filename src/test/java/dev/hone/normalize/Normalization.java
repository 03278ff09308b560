package dev.hone.normalize;

import dev.hone.config.RunConfig;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.TableDefinition;
import dev.hone.text.TokenizerSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs the normalize step of a configuration as a chain does, with the built-in model's tokenizer.
 */
public final class Normalization {
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  private static final int MAX_LENGTH = 256;

  /** Pages are tested where they are made. */
  private static final AuditPage PAGE = (form, audit) -> "<!DOCTYPE html><title>data</title>";

  private Normalization() {}

  /** The configurations in {@code conf/data} that have documents to search, by their names. */
  public static List<String> dataSetsWithDocuments() {
    return List.of(
        "scifact",
        "obliqa",
        "cranfield",
        "medquad",
        "covid-qa",
        "healthver",
        "policyqa",
        "pubmedqa",
        "sara",
        "tatqa",
        "contractnli",
        "legal-summ",
        "banking77",
        "mqp",
        "sick");
  }

  /** Runs the step for all data sets of a configuration. */
  public static Commit run(StageContext context, RunConfig config) {
    TokenizerSpec tokenizer = tokenizer();
    var hadoop = context.spark().sparkContext().hadoopConfiguration();
    return new NormalizeStage(context, config.datasets(), config.normalize(), tokenizer, PAGE)
        .run(NormalizeStage.spec(config.datasets(), config.normalize(), tokenizer, hadoop));
  }

  /** A context of its own, in a workspace that nothing else uses. */
  static StageContext context(Path folder) {
    try {
      return SmallWorkspace.in(Files.createTempDirectory(folder, "run")).context();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the step for a configuration as it stands in a file, {@code hone { ... }}. */
  static Commit run(StageContext context, Path folder, String configuration) {
    try {
      Path file = Files.writeString(folder.resolve("run.conf"), configuration);
      return run(context, RunConfig.load(file, List.of()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A table's rows as texts, in their order: {@code value | value | ...}. */
  static List<String> rows(
      StageContext context, Commit commit, TableDefinition table, String... columns) {
    return context.read(commit, table).selectExpr(columns).collectAsList().stream()
        .map(row -> row.mkString(" | "))
        .sorted()
        .toList();
  }

  static TokenizerSpec tokenizer() {
    try (InputStream json = Normalization.class.getResourceAsStream(TOKENIZER)) {
      String text = new String(json.readAllBytes(), StandardCharsets.UTF_8);
      return new TokenizerSpec(text, MAX_LENGTH, "", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
