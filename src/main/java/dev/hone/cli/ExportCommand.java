package dev.hone.cli;

import dev.hone.chain.Reporting;
import dev.hone.cluster.TrainStage;
import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.evaluate.EvaluateStage;
import dev.hone.normalize.AuditPage;
import dev.hone.report.ReportStage;
import dev.hone.store.Commit;
import dev.hone.store.LocalCache;
import dev.hone.store.Manifest;
import dev.hone.store.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a run's model folder with its card, and the pages, into a folder. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "writes the model folder with its card, and the report")
final class ExportCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Parameters(paramLabel = "RUN", description = "the run's id")
  private String runId;

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "a new folder")
  private Path output;

  @Override
  public Integer call() {
    RunConfig config = options.load();
    if (Files.exists(output)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot export to " + output + ": it exists. Name a new folder.");
    }
    Workspace workspace = Workspace.open(config.workspace(), Session.hadoop());
    Path model = copy(workspace, "train", TrainStage.MODEL);
    Path report = copy(workspace, "report", ReportStage.ARTIFACT);
    Path data = copy(workspace, "normalize", AuditPage.ARTIFACT);
    Reporting.copy(model, output);
    Reporting.copy(report, output);
    Reporting.copy(data, output);
    for (Manifest manifest : workspace.manifests(runId)) {
      if (manifest.step().equals("evaluate")) {
        workspace
            .commit(manifest.step(), manifest.digest())
            .filter(Reporting::hasRuns)
            .ifPresent(
                commit ->
                    Reporting.copy(
                        local(workspace, commit, EvaluateStage.RUNS),
                        output.resolve(EvaluateStage.RUNS)));
      }
    }
    System.out.println(output);
    return 0;
  }

  private Path copy(Workspace workspace, String step, String artifact) {
    Commit commit =
        workspace.manifests(runId).stream()
            .filter(manifest -> manifest.step().equals(step))
            .findFirst()
            .flatMap(manifest -> workspace.commit(step, manifest.digest()))
            .orElseThrow(
                () ->
                    new HoneException(
                        ErrorCode.NOT_PUBLISHED,
                        "Run %s has no published %s in %s. Known runs: %s."
                            .formatted(runId, step, workspace.uri(), workspace.runIds())));
    return local(workspace, commit, artifact);
  }

  private static Path local(Workspace workspace, Commit commit, String artifact) {
    return LocalCache.ofUser()
        .entry(
            artifact + "-" + commit.attempt(),
            target ->
                workspace.download(
                    workspace.artifactPath(commit.step(), commit.attempt(), artifact),
                    commit.artifact(artifact).files(),
                    target));
  }
}
