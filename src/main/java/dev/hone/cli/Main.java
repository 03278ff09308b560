package dev.hone.cli;

import dev.hone.chain.Chain;
import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: finds the command among its arguments, runs it, exits with its code. */
@Command(
    name = "hone",
    mixinStandardHelpOptions = true,
    description = "Fine-tunes text-embedding models for a domain.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {

  /** Runs one command and exits. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs one command and returns its exit code. */
  static int run(String... arguments) {
    CommandLine line = new CommandLine(new Main());
    stage(line, "demo", Chain.Until.REPORT, "the whole chain with a real model and real text");
    stage(line, "run", Chain.Until.REPORT, "the whole chain for one configuration");
    stage(line, "normalize", Chain.Until.NORMALIZE, "reads the sources into the normal form");
    onARun(line, MineCommand.NAME, new MineCommand(), "finds hard negatives");
    stage(line, "train", Chain.Until.TRAIN, "tunes the model");
    onARun(line, TuneCommand.NAME, new TuneCommand(), "looks for the best settings of training");
    stage(line, "evaluate", Chain.Until.EVALUATE, "measures the models");
    stage(line, "report", Chain.Until.REPORT, "writes the pages");
    onARun(
        line,
        CompareCommand.NAME,
        new CompareCommand(),
        "compares two runs, query by query; exit code 10 where the candidate is worse");
    line.addSubcommand(new ExportCommand());
    line.addSubcommand(new EncodeCommand());
    line.addSubcommand(SqlCommand.line());
    line.addSubcommand(new VerifyCommand());
    line.addSubcommand(new BenchCommand());
    line.addSubcommand(new DoctorCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    boolean verbose = Arrays.asList(arguments).contains("--verbose");
    line.setExecutionExceptionHandler((e, command, parsed) -> Failures.report(e, verbose));
    line.setParameterExceptionHandler(
        (e, args) -> {
          System.err.println(
              e.getMessage() + ". See " + e.getCommandLine().getCommandName() + " --help.");
          return ErrorCode.CONFIGURATION.exitCode();
        });
    return line.execute(arguments);
  }

  private static void stage(CommandLine line, String name, Chain.Until until, String description) {
    onARun(line, name, new StageCommand(name, until), description);
  }

  private static void onARun(CommandLine line, String name, Object program, String description) {
    CommandLine command = new CommandLine(program);
    command.getCommandSpec().usageMessage().description(description);
    command
        .getCommandSpec()
        .usageMessage()
        .footer(
            CommandLine.Help.Ansi.OFF.string(
                RunConfig.helpText().replace("%", "%%").replace("@|", "@ |")));
    line.addSubcommand(name, command);
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.err);
  }
}
