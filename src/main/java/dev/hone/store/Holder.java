package dev.hone.store;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/**
 * The process that holds a run.
 *
 * @param command the command it runs
 * @param attempt the try's id
 * @param host the name of its host
 * @param pid its number there
 * @param processStart ISO instant; empty where the system does not tell
 * @param updatedAt ISO instant, by its host's clock
 */
record Holder(
    String command, String attempt, String host, long pid, String processStart, String updatedAt) {
  /** Boot time, which start times are computed from, is known to a second only. */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  Holder {
    Ids.check("command", command);
    Ids.check("attempt", attempt);
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(updatedAt, "updatedAt");
    if (!processStart.isEmpty()) {
      Instant.parse(processStart);
    }
  }

  static Holder ofThisProcess(String command, String attempt) {
    ProcessHandle self = ProcessHandle.current();
    String start = self.info().startInstant().map(Instant::toString).orElse("");
    return new Holder(command, attempt, thisHost(), self.pid(), start, Instant.now().toString());
  }

  /** Whether it runs, or ran, on this host. */
  boolean isHere() {
    return host.equals(thisHost());
  }

  /** Whether it ran on this host and does no more; false for any process of another host. */
  boolean isGone() {
    return isHere()
        && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::startedThen).isEmpty();
  }

  /** Tells the process from a later one that was given its number. */
  private boolean startedThen(ProcessHandle process) {
    return processStart.isEmpty()
        || process
            .info()
            .startInstant()
            .map(start -> Duration.between(Instant.parse(processStart), start).abs())
            .filter(apart -> apart.compareTo(START_TOLERANCE) > 0)
            .isEmpty();
  }

  /** Names the process in a message. */
  String describe() {
    return "%s (process %d on %s)".formatted(command, pid, host);
  }

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      LoggerFactory.getLogger(Holder.class).debug("This host does not know its own name", e);
      return "localhost";
    }
  }
}
