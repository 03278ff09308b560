package dev.hone.cli;

import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Spark SQL over the published tables. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = "Spark SQL over the published tables, and views that answer questions")
final class SqlCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(names = "-e", paramLabel = "QUERY", description = "prints the rows of one query")
  private String query;

  @Option(
      names = "-f",
      paramLabel = "FILE",
      description = "the same for the query in a file; several files: an empty line between two")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--ddl", description = "prints what registers tables and views in any Spark")
  private boolean ddl;

  @Option(
      names = "--serve",
      description = "a Spark Connect server for notebooks on this machine, until interrupted")
  private boolean serve;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "of --serve; 0 is any that is free (default: ${DEFAULT-VALUE})")
  private int port = ConnectServer.PORT;

  /** The command with a help that names the views. */
  static CommandLine line() {
    CommandLine line = new CommandLine(new SqlCommand());
    line.setUsageHelpWidth(100);
    line.getCommandSpec().usageMessage().footer(SqlViews.help().replace("%", "%%"));
    return line;
  }

  @Override
  public Integer call() throws InterruptedException {
    RunConfig config = options.load();
    if (ddl) {
      Workspace workspace = Workspace.open(config.workspace(), Session.hadoop());
      PublishedTables.statements(workspace)
          .forEach(statement -> System.out.println(statement + ";"));
      return 0;
    }
    return serve ? serve(config) : answer(config, queries());
  }

  private int answer(RunConfig config, List<String> queries) {
    if (queries.isEmpty()) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "sql needs -e \"QUERY\", -f FILE, --serve or --ddl; see sql --help.");
    }
    try (Session session = Session.open(config)) {
      PublishedTables.statements(session.workspace(), queries).forEach(session.spark()::sql);
      new SqlAnswers(session.spark(), System.out).print(queries);
      return 0;
    }
  }

  private List<String> queries() {
    List<String> queries = new ArrayList<>();
    if (query != null) {
      queries.add(query);
    }
    files.forEach(file -> queries.add(read(file)));
    return queries;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip().replaceFirst(";$", "");
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot read the query in %s: %s. Give -f a file of UTF-8 text.".formatted(file, e),
          e);
    }
  }

  private int serve(RunConfig config) throws InterruptedException {
    ConnectServer.check();
    try (Session session = Session.open(config, ConnectServer.settings(port))) {
      PublishedTables.statements(session.workspace()).forEach(session.spark()::sql);
      System.out.println(ConnectServer.start(session.spark(), port));
      System.err.println(
          "Serves what %s has published by now, to anybody on this machine, until it is interrupted."
              .formatted(session.workspace().uri()));
      ConnectServer.await();
      return ErrorCode.INTERRUPTED.exitCode();
    }
  }
}
