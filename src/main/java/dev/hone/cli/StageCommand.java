package dev.hone.cli;

import dev.hone.chain.Chain;
import dev.hone.chain.MlflowLogging;
import dev.hone.chain.Reporting;
import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.normalize.AuditPage;
import dev.hone.report.SummaryTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a configuration's chain up to one stage: run, demo, normalize, train, and so on. */
@Command(mixinStandardHelpOptions = true)
final class StageCommand implements Callable<Integer> {
  private final String name;
  private final Chain.Until until;

  @Mixin private RunOptions options;

  StageCommand(String name, Chain.Until until) {
    this.name = name;
    this.until = until;
  }

  @Override
  public Integer call() {
    RunConfig config = name.equals("demo") ? options.loadDemo() : options.load();
    RecordedTry.of(name, config, options, chain -> run(chain, config, until));
    return 0;
  }

  static void run(Chain chain, RunConfig config, Chain.Until until) {
    Chain.Result result = chain.run(until);
    Reporting reporting = new Reporting(chain, config);
    if (until.compareTo(Chain.Until.EVALUATE) < 0) {
      System.out.println("Data:   " + reporting.dataPage(result.normalForm()));
      return;
    }
    Reporting.Result report = reporting.report(result);
    System.out.println(SummaryTable.render(report.data().metrics(), report.data().run().primary()));
    if (until != Chain.Until.REPORT) {
      return;
    }
    if (result.trained() == null) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot export: nothing was trained, because no data set has train-on = true.");
    }
    String folder =
        reporting.export(
            result.normalForm(), result.trained(), result.evaluations().values(), report.commit());
    System.out.println("Report: " + folder + "/report.html");
    System.out.println("Data:   " + folder + "/" + AuditPage.FILE);
    System.out.println("Model:  " + folder);
    System.out.println(
        "Tables: ./submit.sh sql --workspace "
            + chain.context().workspace().uri()
            + " -e \"SELECT * FROM run_metrics\"");
    // Last, so that nothing is lost where the server does not answer.
    new MlflowLogging(chain, config)
        .log(
            result,
            report.commit(),
            reporting.exported(result.normalForm(), result.trained(), report.commit()))
        .ifPresent(page -> System.out.println("MLflow: " + page));
  }
}
