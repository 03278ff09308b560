package dev.hone.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One command of Hone in a JVM of its own, started by the embedded Spark's spark-submit. */
final class HoneProcess {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final long MILLISECONDS_BETWEEN_LOOKS = 10;
  private static final long LONGEST_MINUTES = 10;

  /** A process of half a minute ends before the second compiler's work has paid. */
  private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

  private final Process process;
  private final Path out;
  private final Path err;

  private HoneProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a command; what it prints goes to files in {@code logs}. */
  static HoneProcess start(Path logs, String name, String master, String... arguments)
      throws IOException {
    return start(logs, name, master, Map.of(), arguments);
  }

  /** Starts a command with settings of Spark's. */
  static HoneProcess start(
      Path logs, String name, String master, Map<String, String> settings, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(TARGET.resolve("spark/bin/spark-submit").toString());
    command.addAll(List.of("--class", "dev.hone.cli.Main", "--master", master));
    command.addAll(List.of("--properties-file", "conf/spark/embedded.conf"));
    command.addAll(
        List.of("--driver-class-path", TARGET.resolve("hone.jar") + ":" + TARGET + "/lib/*"));
    command.addAll(List.of("--conf", "spark.executor.extraJavaOptions=" + FIRST_COMPILER));
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.add(TARGET.resolve("hone.jar").toString());
    command.addAll(List.of(arguments));
    Path out = logs.resolve(name + ".out");
    Path err = logs.resolve(name + ".err");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", "exec \"$@\"", "hone")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.command().addAll(command);
    builder.environment().put("PYTORCH_FLAVOR", "cpu");
    builder
        .environment()
        .put(
            "SPARK_SUBMIT_OPTS",
            "-XX:+UseSerialGC "
                + FIRST_COMPILER
                + " "
                + sharedClasses()
                + "-Dlog4j2.configurationFile=file:"
                + Path.of("conf/log4j2.properties").toUri().getPath());
    return new HoneProcess(builder.start(), out, err);
  }

  /**
   * The classes that a demo of the same build has left: the process starts some seconds earlier.
   */
  private static String sharedClasses() {
    Path archive = TARGET.resolve("hone.jsa");
    return Files.exists(archive)
        ? "-XX:SharedArchiveFile=" + archive + " -Xlog:cds=off -Xlog:cds+dynamic=off "
        : "";
  }

  /** {@code kill -9}, where it has not ended. */
  void kill() {
    process.destroyForcibly();
  }

  /** {@code kill -9} as soon as the condition holds; it must hold before the process ends. */
  void killWhen(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      if (process.waitFor(MILLISECONDS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("ended before it could be killed: " + errors());
      }
    }
    process.destroyForcibly();
    process.waitFor();
  }

  /** Asks it to end, as a scheduler does, once the condition holds; waits for the exit code. */
  int endWhen(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      if (process.waitFor(MILLISECONDS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("ended before it was asked to: " + errors());
      }
    }
    process.destroy();
    return exitCode();
  }

  /** {@code kill -9} to one executor as soon as the condition holds. */
  void killExecutorWhen(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean() || executors().isEmpty()) {
      if (process.waitFor(MILLISECONDS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("ended before an executor could be killed: " + errors());
      }
    }
    executors().get(0).destroyForcibly();
  }

  /** {@code kill -9} to all executors as soon as the condition holds. */
  void killExecutorsWhen(BooleanSupplier condition) throws InterruptedException {
    killExecutorWhen(condition);
    executors().forEach(ProcessHandle::destroyForcibly);
  }

  private List<ProcessHandle> executors() {
    return process
        .descendants()
        .filter(
            child -> child.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  /** Waits for the end and returns the exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + errors());
    }
    return process.exitValue();
  }

  /** What it has written to stdout so far. */
  String output() {
    return text(out);
  }

  /** What it has written to stderr so far. */
  String errors() {
    return text(err);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
