package dev.hone.torch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Lets the process end between two operations of libtorch, not in one: its libraries are taken down
 * under threads that are still in them, which crashes a process that was only asked to end.
 */
final class ProcessEnd {
  /** Longer than any operation; who waits for the process has not more patience. */
  private static final long LONGEST_SECONDS = 60;

  /** libtorch is the process's, and so is its end. */
  private static final ReentrantReadWriteLock OPERATIONS = new ReentrantReadWriteLock();

  private ProcessEnd() {}

  /** Done once in a process. */
  private static final class Hook {
    static {
      Runtime.getRuntime().addShutdownHook(new Thread(ProcessEnd::takeAll, "hone-libtorch"));
    }

    private Hook() {}

    static void add() {}
  }

  /** From now on the end waits for operations. */
  static void waitsForOperations() {
    Hook.add();
  }

  /** Runs an operation; where the process is ending it never begins, and never returns. */
  static <T> T operation(Supplier<T> work) {
    OPERATIONS.readLock().lock();
    try {
      return work.get();
    } finally {
      OPERATIONS.readLock().unlock();
    }
  }

  /** Waits for those that run, and gives the lock back to nobody. */
  private static void takeAll() {
    try {
      if (!OPERATIONS.writeLock().tryLock(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        System.err.println(
            "libtorch has been at one operation for %d s; the process ends in it."
                .formatted(LONGEST_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
