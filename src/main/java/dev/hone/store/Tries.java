package dev.hone.store;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try of a command, as other processes see it: a note at its start, one at its end, and {@code
 * running.json}, rewritten while it lives.
 *
 * <p>The notes are advice; what keeps two tries from harming each other is that a commit is created
 * once.
 */
public final class Tries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tries.class);
  private static final long HEARTBEAT_SECONDS = 10;
  private static final long DEAD_AFTER_MILLIS = 60_000;

  private final Workspace workspace;
  private final TryNote started;
  private final ScheduledExecutorService heartbeat;
  private boolean finished;

  /** Who holds a run. */
  record Running(String command, String attempt, String host, long pid, String processStart) {}

  private Tries(Workspace workspace, TryNote started) {
    this.workspace = workspace;
    this.started = started;
    this.heartbeat =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "hone-heartbeat");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts a try, after waiting for a live one where the policy says so.
   *
   * @throws HoneException with {@link ErrorCode#ALREADY_RUNNING} where the policy is to exit
   */
  public static Tries start(
      Workspace workspace,
      String runId,
      String command,
      IfRunning policy,
      String config,
      String codeVersion) {
    awaitTurn(workspace, Ids.check("run-id", runId), policy);
    TryNote note =
        new TryNote(
            runId,
            Ids.check("command", command),
            workspace.newAttempt(),
            "running",
            null,
            Instant.now().toString(),
            null,
            config,
            codeVersion);
    workspace.createNote(path(note, "started"), note);
    Tries attempt = new Tries(workspace, note);
    attempt.beat();
    var unused =
        attempt.heartbeat.scheduleAtFixedRate(
            attempt::beat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    return attempt;
  }

  private static String folder(String runId) {
    return "runs/" + runId + "/tries";
  }

  private static String path(TryNote note, String event) {
    return folder(note.runId())
        + "/"
        + note.command()
        + "-"
        + note.attempt()
        + "-"
        + event
        + ".json";
  }

  private static String runningPath(String runId) {
    return folder(runId) + "/running.json";
  }

  private static void awaitTurn(Workspace workspace, String runId, IfRunning policy) {
    boolean said = false;
    while (policy != IfRunning.PROCEED) {
      Optional<Running> holder = alive(workspace, runId);
      if (holder.isEmpty()) {
        return;
      }
      String who =
          "%s (process %d on %s)"
              .formatted(holder.get().command(), holder.get().pid(), holder.get().host());
      if (policy == IfRunning.EXIT) {
        throw new HoneException(
            ErrorCode.ALREADY_RUNNING,
            "Cannot start: run %s is held by %s. Wait for it, or pass --if-running wait."
                .formatted(runId, who));
      }
      if (!said) {
        LOG.info("Waiting for {} to finish run {}", who, runId);
        said = true;
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoneException(ErrorCode.INTERRUPTED, "Interrupted while waiting.", e);
    }
  }

  /** The live holder of a run: gone processes of this host and notes not rewritten are dead. */
  private static Optional<Running> alive(Workspace workspace, String runId) {
    Optional<Running> holder = workspace.note(runningPath(runId), Running.class);
    if (holder.isEmpty()) {
      return holder;
    }
    if (holder.get().host().equals(host())) {
      return holder.filter(Tries::processLives);
    }
    try {
      String probe = folder(runId) + "/clock-" + workspace.newAttempt();
      workspace.createNote(probe, "clock");
      long now = time(workspace, runId, probe.substring(probe.lastIndexOf('/') + 1));
      workspace.deleteNote(probe);
      return now - time(workspace, runId, "running.json") > DEAD_AFTER_MILLIS
          ? Optional.empty()
          : holder;
    } catch (IOException e) {
      LOG.warn("Cannot tell whether run {} is held: {}", runId, e.toString());
      return Optional.empty();
    }
  }

  private static long time(Workspace workspace, String runId, String name) throws IOException {
    return workspace.noteTime(folder(runId), name).orElse(0L);
  }

  private static boolean processLives(Running holder) {
    return ProcessHandle.of(holder.pid())
        .filter(ProcessHandle::isAlive)
        .filter(process -> startOf(process).equals(holder.processStart()))
        .isPresent();
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private void beat() {
    ProcessHandle self = ProcessHandle.current();
    Running running =
        new Running(started.command(), started.attempt(), host(), self.pid(), startOf(self));
    try {
      workspace.replaceNote(runningPath(started.runId()), running);
    } catch (IOException e) {
      LOG.warn("Cannot renew {}: {}", runningPath(started.runId()), e.toString());
    }
  }

  /** The try's id. */
  public String attempt() {
    return started.attempt();
  }

  /** Notes the end of a try that did what it should. */
  public void succeeded() {
    finish("succeeded", null);
  }

  /** Notes the end of a try that failed, with its exit code. */
  public void failed(int errorCode) {
    finish("failed", errorCode);
  }

  private void finish(String status, Integer errorCode) {
    finished = true;
    heartbeat.shutdownNow();
    TryNote note =
        new TryNote(
            started.runId(),
            started.command(),
            started.attempt(),
            status,
            errorCode,
            started.startedAt(),
            Instant.now().toString(),
            started.config(),
            started.codeVersion());
    workspace.createNote(path(note, "finished"), note);
    try {
      Optional<Running> holder = workspace.note(runningPath(started.runId()), Running.class);
      if (holder.isPresent() && holder.get().attempt().equals(started.attempt())) {
        workspace.deleteNote(runningPath(started.runId()));
      }
    } catch (IOException e) {
      LOG.warn("Cannot remove {}: {}", runningPath(started.runId()), e.toString());
    }
  }

  /** All tries of a run, oldest first; one whose process is gone without an end has died. */
  public static List<TryNote> notes(Workspace workspace, String runId) {
    List<TryNote> notes = new ArrayList<>();
    Optional<Running> holder = alive(workspace, runId);
    List<String> names = workspace.noteNames(folder(runId));
    for (String name : names) {
      if (!name.endsWith("-started.json")) {
        continue;
      }
      String end = name.replace("-started.json", "-finished.json");
      TryNote note =
          workspace
              .note(folder(runId) + "/" + (names.contains(end) ? end : name), TryNote.class)
              .orElseThrow();
      boolean lives = holder.isPresent() && holder.get().attempt().equals(note.attempt());
      notes.add(note.finishedAt() != null || lives ? note : died(note));
    }
    notes.sort(java.util.Comparator.comparing(TryNote::startedAt));
    return notes;
  }

  private static TryNote died(TryNote note) {
    return new TryNote(
        note.runId(),
        note.command(),
        note.attempt(),
        "died",
        null,
        note.startedAt(),
        null,
        note.config(),
        note.codeVersion());
  }

  @Override
  public void close() {
    if (!finished) {
      failed(ErrorCode.BUG.exitCode());
    }
  }
}
