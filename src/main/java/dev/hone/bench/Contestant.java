package dev.hone.bench;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that does the same work whenever it is asked to, and says how long it took. It starts
 * and warms up unmeasured, and rests while others work.
 */
final class Contestant implements AutoCloseable {
  private static final int LAST_LINES = 5;
  private static final long LONGEST_END_SECONDS = 20;

  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;
  private final Path log;
  private final String description;

  /**
   * Starts a process and waits until it is ready.
   *
   * @param log where its stderr goes
   * @throws HoneException if it ends before it is ready; the message has its last words
   */
  Contestant(String name, List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    this.name = name;
    this.log = log;
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(environment);
    this.process = builder.start();
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    try {
      this.description = answer(Answers.READY);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** What it says of itself: versions, and what it chose. */
  String description() {
    return description;
  }

  /** Asks for a work without waiting for its end. */
  void ask(String work) throws IOException {
    questions.write(work);
    questions.newLine();
    questions.flush();
  }

  /** Waits for the end of the work asked for, and returns the seconds that it took. */
  double seconds() throws IOException {
    return Double.parseDouble(answer(Answers.SECONDS));
  }

  /** The processor time that it took so far, with the processes that it started. */
  Duration processorTime() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(one -> one.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /**
   * The most memory that one of the processes that it started ever held (executors), or it itself
   * where it started none; MiB.
   *
   * @throws IOException where the system does not say
   */
  long mostResident() throws IOException {
    List<ProcessHandle> processes = process.descendants().toList();
    long most = processes.isEmpty() ? ResidentMemory.most(process.pid()) : 0;
    for (ProcessHandle one : processes) {
      most = Math.max(most, ResidentMemory.most(one.pid()));
    }
    return most;
  }

  /** The next line of a kind; what libraries print in between is passed over. */
  private String answer(String kind) throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(kind)) {
        return line.substring(kind.length());
      }
    }
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    throw new HoneException(
        ErrorCode.CLUSTER,
        "Cannot measure %s: its process ended. Its last words:\n%s"
            .formatted(
                name,
                String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()))));
  }

  /** Its stdin ends, and so does it; it is killed where it does not. */
  @Override
  public void close() {
    try {
      questions.close();
      if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly(); // it ended before, with a question unread
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
