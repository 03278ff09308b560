package dev.hone.chain;

import dev.hone.cluster.TrainStage;
import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.evaluate.EvaluateStage;
import dev.hone.model.BaseCard;
import dev.hone.model.ModelFolder;
import dev.hone.normalize.AuditPage;
import dev.hone.report.CardFacts;
import dev.hone.report.Measure;
import dev.hone.report.MinedRound;
import dev.hone.report.ReportData;
import dev.hone.report.ReportStage;
import dev.hone.store.Commit;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import dev.hone.table.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** Turns what a run published into its report, its card and the folder that people take away. */
public final class Reporting {
  private final Chain chain;
  private final RunConfig config;

  /** Reporting for a run of this configuration. */
  public Reporting(Chain chain, RunConfig config) {
    this.chain = chain;
    this.config = config;
  }

  /** What the report shows, and its commit. */
  public record Result(ReportData data, Commit commit) {}

  /** Publishes the report of what a chain's run gave. */
  public Result report(Chain.Result result) {
    Map<String, Commit> steps = new TreeMap<>();
    steps.put("normalize", result.normalForm());
    if (result.trained() != null) {
      steps.put("train", result.trained());
    }
    result.forgetting().ifPresent(forgetting -> steps.put("forgetting", forgetting));
    result.probes().forEach((model, probes) -> steps.put(ReportStage.PROBES + model, probes));
    ReportStage stage =
        new ReportStage(
            chain.context(), steps, mined(result), result.evaluations().values(), result.vectors());
    ReportData.Training training = training(result);
    double hours = training.seconds() / 3600;
    ReportData data =
        stage.read(
            run(),
            DataPage.facts(config.datasets()),
            training,
            new ReportData.Cost("cpu", hours, 0));
    return new Result(data, stage.run(data, card()));
  }

  private static List<MinedRound> mined(Chain.Result result) {
    return result.mined().stream()
        .map(round -> new MinedRound(round.candidates(), round.negatives()))
        .toList();
  }

  private ReportData.Run run() {
    return new ReportData.Run(
        chain.runId(),
        config.model(),
        config.evaluate().split().name().toLowerCase(Locale.ROOT),
        new Measure(config.evaluate().primary().metric(), config.evaluate().primary().k()),
        config.shown());
  }

  private ReportData.Training training(Chain.Result result) {
    if (result.trained() == null) {
      return ReportData.Training.NONE;
    }
    Row log =
        chain
            .context()
            .read(result.trained(), Tables.TRAINING_LOG)
            .selectExpr("count(*)", "cast(max(epoch) + 1 as int)")
            .first();
    SortedMap<String, String> parameters = new TreeMap<>(result.trained().keys());
    parameters.keySet().removeIf(name -> name.equals("prompts") || name.endsWith(": prompts"));
    List<ReportData.Resolved> resolved =
        result.resolved().entrySet().stream()
            .map(entry -> new ReportData.Resolved(entry.getKey(), entry.getValue(), ""))
            .toList();
    return new ReportData.Training(
        result.resolved().get("train.loss"),
        result.plans().stream()
            .mapToLong(plan -> plan.table(Tables.BATCH_PLAN.name()).rows())
            .sum(),
        (int) log.getLong(0),
        log.getInt(1),
        trainingSeconds(result),
        parameters,
        resolved);
  }

  /** How long the updates of a training took, wherever it was published. */
  public double trainingSeconds(Chain.Result result) {
    double rows =
        Double.parseDouble(result.resolved().get("train.batch-size"))
            * config.train().update().accumulation();
    return chain
        .context()
        .read(result.trained(), Tables.TRAINING_LOG)
        .selectExpr("sum(" + rows + " / examples_per_second)")
        .first()
        .getDouble(0);
  }

  private CardFacts card() {
    ModelFolder base = chain.base();
    BaseCard stated;
    try {
      stated = BaseCard.of(base);
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot read the model card of %s: %s. Save it as UTF-8, or take it out of the folder."
              .formatted(base.path(), e),
          e);
    }
    return new CardFacts(
        chain.runId(),
        stated.name().isEmpty() ? base.path().getFileName().toString() : stated.name(),
        stated.license(),
        stated.citation(),
        base.dimension(),
        base.maxLength(),
        base.queryPrompt(),
        base.documentPrompt(),
        List.of());
  }

  /** Where the page about a run's data lies. */
  public String dataPage(Commit normalForm) {
    return chain
            .context()
            .workspace()
            .artifactPath(normalForm.step(), normalForm.attempt(), AuditPage.ARTIFACT)
        + "/"
        + AuditPage.FILE;
  }

  /** Folders on this machine that together are what people take away, later ones over earlier. */
  public List<Path> exported(Commit normalForm, Commit trained, Commit report) {
    return List.of(
        chain.context().localCopy(trained, TrainStage.MODEL),
        chain.context().localCopy(report, ReportStage.ARTIFACT),
        chain.context().localCopy(normalForm, AuditPage.ARTIFACT));
  }

  /**
   * Writes the model folder, its card, the pages and run files into the workspace's export folder.
   */
  public String export(
      Commit normalForm, Commit trained, Collection<Commit> evaluations, Commit report) {
    Workspace workspace = chain.context().workspace();
    String target = workspace.exportPath(chain.runId());
    try {
      Path folder = Files.createTempDirectory("hone-export");
      try {
        exported(normalForm, trained, report).forEach(part -> copy(part, folder));
        for (Commit evaluation : evaluations) {
          if (hasRuns(evaluation)) {
            copy(
                chain.context().localCopy(evaluation, EvaluateStage.RUNS),
                folder.resolve(EvaluateStage.RUNS));
          }
        }
        workspace.upload(folder, target);
      } finally {
        LocalCache.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target;
  }

  /** Whether an evaluation published its rankings as TREC run files too. */
  public static boolean hasRuns(Commit evaluation) {
    return evaluation.artifacts().stream()
        .anyMatch(artifact -> artifact.name().equals(EvaluateStage.RUNS));
  }

  /**
   * Copies a folder's files into another.
   *
   * @throws HoneException if the target cannot be written
   */
  public static void copy(Path source, Path target) {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        Path copy = target.resolve(source.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot write " + target + ": " + e + ". Choose a folder that you may write.",
          e);
    }
  }
}
