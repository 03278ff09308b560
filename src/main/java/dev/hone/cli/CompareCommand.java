package dev.hone.cli;

import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.evaluate.Comparison;
import dev.hone.evaluate.ComparisonJson;
import dev.hone.evaluate.ComparisonResult;
import dev.hone.evaluate.ComparisonTable;
import dev.hone.evaluate.EvaluatedModel;
import dev.hone.evaluate.RunReference;
import dev.hone.metric.Bootstrap;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares two runs, and tells by its exit code whether the candidate is worse. */
@Command(mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  static final String NAME = "compare";

  private enum Format {
    TEXT,
    JSON
  }

  @Mixin private RunOptions options;

  @Option(
      names = "--baseline",
      required = true,
      paramLabel = "RUN",
      description =
          "[WORKSPACE#]ID[:MODEL]; MODEL is tuned by default, or base, bm25, ...: any that the run"
              + " evaluated. Several (training seeds), separated by commas, count as their mean: tests"
              + " are over queries, and say nothing about the spread over seeds")
  private String baseline;

  @Option(names = "--candidate", required = true, paramLabel = "RUN", description = "the same")
  private String candidate;

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      defaultValue = "0.005",
      description =
          "exit code 10 where the candidate's primary metric is lower by more than this (default:"
              + " ${DEFAULT-VALUE}), or it lost more than max-forgetting on what it was not trained"
              + " on")
  private double tolerance;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "how the result is written to stdout (default: ${DEFAULT-VALUE})")
  private Format format;

  @Override
  public Integer call() {
    RunConfig config = options.load();
    Comparison.Spec spec = spec(config);
    SparkSession spark = SparkSession.builder().appName("hone").getOrCreate();
    try {
      ComparisonResult result = new Comparison(spark, LocalCache.ofUser()).run(spec);
      System.out.print(
          format == Format.JSON ? ComparisonJson.render(result) : ComparisonTable.render(result));
      if (result.verdict().isWorse()) {
        throw new HoneException(
            ErrorCode.WORSE_THAN_BASELINE, ComparisonTable.verdict(result.verdict()));
      }
      return 0;
    } finally {
      spark.stop();
    }
  }

  private Comparison.Spec spec(RunConfig config) {
    if (!(tolerance >= 0.0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot compare with --tolerance " + tolerance + ": give a number of 0 or more.");
    }
    return new Comparison.Spec(
        models(baseline, config),
        models(candidate, config),
        tolerance,
        config.forgetting().most(),
        config.forgetting().general().orElse(List.of()),
        new Bootstrap(
            config.evaluate().confidenceDraws(), Bootstrap.DEFAULT_CONFIDENCE, config.seed()));
  }

  private static List<EvaluatedModel> models(String runs, RunConfig config) {
    Configuration hadoop = Session.hadoop();
    return RunReference.parseAll(runs).stream()
        .map(
            reference ->
                EvaluatedModel.find(
                    reference,
                    Workspace.existing(
                        reference.namedWorkspace().orElse(config.workspace()), hadoop)))
        .toList();
  }
}
