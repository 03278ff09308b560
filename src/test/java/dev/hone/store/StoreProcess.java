package dev.hone.store;

import dev.hone.error.HoneException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/** A JVM of its own that publishes or holds a run, driven line by line through its pipes. */
final class StoreProcess implements AutoCloseable {
  /** Files of a commit that takes a while to write: 8 MB of JSON. */
  static final int FLOOD_FILES = 60_000;

  static final String HASH = "0123456789abcdef".repeat(4);

  private final Process process;
  private final BufferedReader output;

  private StoreProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a JVM that obeys {@code mode} in the workspace. */
  static StoreProcess start(String mode, Path workspace, String name) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(StoreProcess.class.getName(), mode, workspace.toString(), name));
    return new StoreProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  void send(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** The next line, after log lines; fails where the process ended without one. */
  String answer() throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("> ")) {
        return line.substring(2);
      }
    }
    throw new IOException("the process ended without an answer");
  }

  /** Ends the process as kill -9 does, and returns when it is gone. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    kill();
  }

  static Workspace open(Path folder) {
    return Workspace.open(folder.toString(), new Configuration(false));
  }

  static Commit commit(String digest, String attempt, int files) {
    CommittedTable table =
        new CommittedTable(
            "documents",
            1,
            7,
            IntStream.range(0, files)
                .mapToObj(i -> new CommittedFile("part-%05d.parquet".formatted(i), i, HASH))
                .toList());
    return new Commit(
        "normalize",
        digest,
        attempt,
        "1.0",
        "2025-12-31T23:59:00Z",
        "2026-01-01T00:00:00Z",
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        List.of(table),
        List.of());
  }

  public static void main(String[] arguments) throws IOException {
    Workspace workspace = open(Path.of(arguments[1]));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    switch (arguments[0]) {
      case "race" -> race(workspace, arguments[2], in, out);
      case "flood" -> flood(workspace, arguments[2], out);
      case "hold" -> hold(workspace, arguments[2], IfRunning.PROCEED, in, out);
      case "wait" -> hold(workspace, arguments[2], IfRunning.WAIT, in, out);
      case "exit" -> hold(workspace, arguments[2], IfRunning.EXIT, in, out);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** Publishes each digest read, and answers with the attempt adopted and whether it won. */
  private static void race(Workspace workspace, String name, BufferedReader in, PrintStream out) {
    out.println("> ready");
    in.lines()
        .forEach(
            digest -> {
              Publication outcome = workspace.publish(commit(digest, name + "-" + digest, 3));
              out.println("> " + outcome.commit().attempt() + " " + outcome.won());
            });
  }

  /** Publishes large commits until it is killed. */
  private static void flood(Workspace workspace, String name, PrintStream out) {
    for (int i = 0; i >= 0; i++) {
      workspace.publish(commit(name + "-" + i, name, FLOOD_FILES));
      out.println("> " + i);
    }
  }

  /** Holds a run until a line comes: "stop" ends it well. */
  private static void hold(
      Workspace workspace, String runId, IfRunning policy, BufferedReader in, PrintStream out) {
    out.println("> started");
    try (Tries held = Tries.start(workspace, runId, "train", policy, "{}", "1.0", "cpu")) {
      out.println("> " + held.attempt());
      if ("stop".equals(in.readLine())) {
        held.succeeded();
      }
      out.println("> stopped");
    } catch (HoneException e) {
      out.println("> " + e.code().exitCode() + " " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
