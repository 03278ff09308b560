package dev.hone.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
 * once. Two tries that start in the same instant may both go on.
 */
public final class Tries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tries.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long HEARTBEAT_SECONDS = 10;
  private static final Duration DEAD_AFTER = Duration.ofSeconds(60);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Workspace workspace;
  private final TryNote started;
  private final ScheduledExecutorService heartbeat;
  private boolean finished;

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
      String codeVersion,
      String device) {
    awaitTurn(workspace, Ids.check("run-id", runId), policy);
    TryNote note =
        new TryNote(
            runId,
            command,
            workspace.newAttempt(),
            "running",
            null,
            Instant.now().toString(),
            null,
            config,
            codeVersion,
            device);
    ObjectNode content = JSON.valueToTree(note);
    content.setAll(JSON.<ObjectNode>valueToTree(Holder.ofThisProcess(command, note.attempt())));
    workspace.createNote(path(note, "started"), content);
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
    return "%s/%s-%s-%s.json"
        .formatted(folder(note.runId()), note.command(), note.attempt(), event);
  }

  private static String runningPath(String runId) {
    return folder(runId) + "/running.json";
  }

  private static void awaitTurn(Workspace workspace, String runId, IfRunning policy) {
    Duration pause = FIRST_PAUSE;
    String waitedFor = "";
    while (policy != IfRunning.PROCEED) {
      Optional<Holder> holder = alive(workspace, runId);
      if (holder.isEmpty()) {
        return;
      }
      String who = holder.get().describe();
      if (policy == IfRunning.EXIT) {
        throw new HoneException(
            ErrorCode.ALREADY_RUNNING,
            "Cannot start: run %s is held by %s. Wait for it, or pass --if-running wait."
                .formatted(runId, who));
      }
      if (!who.equals(waitedFor)) {
        LOG.info("Waiting for {} to finish run {}", who, runId);
        waitedFor = who;
      }
      sleep(pause);
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  private static void sleep(Duration pause) {
    try {
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoneException(
          ErrorCode.INTERRUPTED,
          "Interrupted while waiting for another try of the run. Run the same command again.",
          e);
    }
  }

  /**
   * The live holder of a run: not one whose process is gone from this host, nor one whose note is a
   * minute old by the store's clock.
   */
  private static Optional<Holder> alive(Workspace workspace, String runId) {
    Optional<Holder> holder = workspace.note(runningPath(runId), Holder.class);
    if (holder.isEmpty() || holder.get().isGone()) {
      return Optional.empty();
    }
    String probe = folder(runId) + "/.clock-" + workspace.newAttempt();
    return workspace
        .noteAge(runningPath(runId), probe)
        .filter(age -> age.compareTo(DEAD_AFTER) <= 0)
        .flatMap(age -> holder);
  }

  private synchronized void beat() {
    if (finished) {
      return;
    }
    try {
      workspace.replaceNote(
          runningPath(started.runId()), Holder.ofThisProcess(started.command(), started.attempt()));
    } catch (IOException | RuntimeException e) {
      // The next beat may succeed; a try that cannot note that it lives still publishes correctly.
      LOG.warn("Cannot renew {}: {}", runningPath(started.runId()), e.toString());
    }
  }

  /** The try's id. */
  public String attempt() {
    return started.attempt();
  }

  /** Notes the end of a try that did what it should; the first end noted counts. */
  public void succeeded() {
    finish("succeeded", null);
  }

  /** Notes the end of a try that failed, with its exit code; the first end noted counts. */
  public void failed(int errorCode) {
    finish("failed", errorCode);
  }

  private synchronized void finish(String status, Integer errorCode) {
    if (finished) {
      return;
    }
    finished = true;
    heartbeat.shutdownNow();
    TryNote note = started.with(status, errorCode, Instant.now().toString());
    workspace.createNote(path(note, "finished"), note);
    Optional<Holder> holder = workspace.note(runningPath(started.runId()), Holder.class);
    if (holder.isPresent() && holder.get().attempt().equals(started.attempt())) {
      try {
        workspace.deleteNote(runningPath(started.runId()));
      } catch (IOException e) {
        LOG.warn("Cannot remove {}: {}", runningPath(started.runId()), e.toString());
      }
    }
  }

  /** All tries of a run, oldest first; one whose process is gone without an end has died. */
  public static List<TryNote> notes(Workspace workspace, String runId) {
    String folder = folder(Ids.check("run-id", runId));
    Optional<Holder> holder = alive(workspace, runId);
    List<TryNote> notes = new ArrayList<>();
    for (String name : workspace.noteNames(folder)) {
      if (name.endsWith("-started.json")) {
        String begin = folder + "/" + name;
        String end = begin.replaceFirst("-started\\.json$", "-finished.json");
        workspace
            .note(end, TryNote.class)
            .or(() -> unfinished(workspace, begin, holder))
            .ifPresent(notes::add);
      }
    }
    notes.sort(
        Comparator.comparing((TryNote note) -> Instant.parse(note.startedAt()))
            .thenComparing(TryNote::attempt));
    return notes;
  }

  private static Optional<TryNote> unfinished(
      Workspace workspace, String begin, Optional<Holder> holder) {
    Optional<TryNote> note = workspace.note(begin, TryNote.class);
    Optional<Holder> process = workspace.note(begin, Holder.class);
    if (note.isEmpty() || process.isEmpty()) {
      return Optional.empty();
    }
    // running.json names one try alone; others that proceeded beside it are known by their process.
    boolean lives =
        process.get().isHere()
            ? !process.get().isGone()
            : holder.filter(live -> live.attempt().equals(note.get().attempt())).isPresent();
    return lives ? note : note.map(Tries::died);
  }

  private static TryNote died(TryNote note) {
    return note.with("died", null, null);
  }

  @Override
  public void close() {
    failed(ErrorCode.BUG.exitCode());
  }
}
