package dev.hone.chain;

import static org.apache.spark.sql.functions.col;

import dev.hone.config.RunConfig;
import dev.hone.report.mlflow.LoggedMetric;
import dev.hone.report.mlflow.LoggedRun;
import dev.hone.report.mlflow.MeasuredValue;
import dev.hone.report.mlflow.MlflowLog;
import dev.hone.report.mlflow.Retries;
import dev.hone.store.Commit;
import dev.hone.store.Digests;
import dev.hone.table.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** Tells MLflow of what a run published, where the configuration names a server. */
public final class MlflowLogging {
  private static final List<String> LOGGED = List.of("loss", "learning_rate", "gradient_norm");
  private static final String PAGE = ".html";

  private final Chain chain;
  private final RunConfig config;

  /** Logging for a run of this configuration. */
  public MlflowLogging(Chain chain, RunConfig config) {
    this.chain = chain;
    this.config = config;
  }

  /**
   * Logs the run unless that is done.
   *
   * @param exported folders that together are what people take away, later ones over earlier ones
   * @return the address of its page; empty where no server is configured
   * @throws dev.hone.error.HoneException where the server does not answer or refuses
   */
  public Optional<String> log(Chain.Result result, Commit report, List<Path> exported) {
    if (!config.mlflow().isOn()) {
      return Optional.empty();
    }
    List<LoggedMetric> metrics = new ArrayList<>(MeasuredValue.named(measured(result)));
    metrics.addAll(training(result.trained()));
    LoggedRun run =
        new LoggedRun(
            chain.runId(),
            digest(result, report),
            parameters(result),
            metrics,
            tags(result),
            files(exported));
    return Optional.of(new MlflowLog(config.mlflow(), System.getenv(), Retries.USUAL).log(run));
  }

  /** Over the digests of all steps whose content is logged. */
  private static String digest(Chain.Result result, Commit report) {
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("normalize", result.normalForm().digest());
    digests.put("train", result.trained().digest());
    digests.put("report", report.digest());
    result
        .evaluations()
        .forEach((model, commit) -> digests.put("evaluate-" + model, commit.digest()));
    return Digests.ofText(digests.toString());
  }

  /** What {@code auto} became stands in its place. */
  private SortedMap<String, String> parameters(Chain.Result result) {
    SortedMap<String, String> parameters = new TreeMap<>(config.settings());
    parameters.putAll(result.resolved());
    return parameters;
  }

  private SortedMap<String, String> tags(Chain.Result result) {
    return new TreeMap<>(
        Map.of(
            "hone.code_version", chain.context().codeVersion(),
            "hone.workspace", chain.context().workspace().uri(),
            "hone.base_model_digest", chain.base().digest(),
            "hone.train_digest", result.trained().digest()));
  }

  private List<MeasuredValue> measured(Chain.Result result) {
    List<MeasuredValue> values = new ArrayList<>();
    for (Commit evaluation : result.evaluations().values()) {
      chain
          .context()
          .read(evaluation, Tables.RUN_METRICS)
          .filter("value is not null")
          .selectExpr(
              "model",
              "dataset",
              "metric",
              "coalesce(k, 0)",
              "coalesce(dim, 0)",
              "coalesce(precision, '')",
              "value")
          .collectAsList()
          .forEach(row -> values.add(measured(row)));
    }
    return values;
  }

  private static MeasuredValue measured(Row row) {
    return new MeasuredValue(
        row.getString(0),
        row.getString(1),
        row.getString(2),
        row.getInt(3),
        row.getInt(4),
        row.getString(5),
        row.getDouble(6));
  }

  private List<LoggedMetric> training(Commit trained) {
    List<LoggedMetric> metrics = new ArrayList<>();
    Iterator<Row> log =
        chain
            .context()
            .read(trained, Tables.TRAINING_LOG)
            .select(col("step"), col("loss"), col("learning_rate"), col("gradient_norm"))
            .orderBy("step")
            .toLocalIterator();
    while (log.hasNext()) {
      Row row = log.next();
      for (int i = 0; i < LOGGED.size(); i++) {
        if (!row.isNullAt(i + 1)) {
          metrics.add(
              new LoggedMetric("train/" + LOGGED.get(i), row.getDouble(i + 1), row.getInt(0)));
        }
      }
    }
    return metrics;
  }

  /** Pages lie side by side with the folder that a library loads. */
  private static SortedMap<String, Path> files(List<Path> exported) {
    SortedMap<String, Path> files = new TreeMap<>();
    for (Path folder : exported) {
      try (Stream<Path> found = Files.walk(folder)) {
        for (Path file : found.filter(Files::isRegularFile).toList()) {
          String path = folder.relativize(file).toString();
          files.put(path.endsWith(PAGE) ? path : "model/" + path, file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }
}
