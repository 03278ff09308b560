package dev.hone.cli;

import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Commit;
import dev.hone.store.Manifest;
import dev.hone.store.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells by its exit code whether a run is published and whole. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "exit code 0 if everything of the run is published and whole, else 9")
final class VerifyCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Parameters(paramLabel = "RUN", description = "the run's id")
  private String runId;

  @Option(names = "--quick", description = "compares sizes, not checksums")
  private boolean quick;

  @Override
  public Integer call() {
    RunConfig config = options.load();
    Workspace workspace = Workspace.open(config.workspace(), Session.hadoop());
    List<Manifest> manifests = workspace.manifests(runId);
    List<String> problems = new ArrayList<>();
    if (manifests.stream().noneMatch(manifest -> manifest.step().equals("report"))) {
      problems.add("run " + runId + " has no published report: the chain did not reach its end");
    }
    for (Manifest manifest : manifests) {
      Optional<Commit> commit = workspace.commit(manifest.step(), manifest.digest());
      if (commit.isEmpty()) {
        problems.add(manifest.step() + " (" + manifest.part() + ") is not published");
      } else {
        problems.addAll(
            workspace.verify(
                commit.get(), quick ? Workspace.Check.SIZES : Workspace.Check.CHECKSUMS));
      }
    }
    if (!problems.isEmpty()) {
      throw new HoneException(ErrorCode.NOT_PUBLISHED, String.join("\n", problems));
    }
    System.out.println(runId + ": " + manifests.size() + " commits published and whole");
    return 0;
  }
}
