package dev.hone.doctor;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work that may not come back: waited for only so long. */
final class Bounded {
  private Bounded() {}

  /**
   * Works on a thread of its own, which does not keep the process where it hangs.
   *
   * @throws ExecutionException with what the work threw
   * @throws TimeoutException if it takes longer than {@code limit}; it is interrupted then
   */
  static <T> T call(Duration limit, Callable<T> work)
      throws ExecutionException, TimeoutException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "hone-doctor");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new TimeoutException("no answer within %d s".formatted(limit.toSeconds()));
    }
  }
}
