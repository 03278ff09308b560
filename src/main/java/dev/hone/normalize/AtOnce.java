package dev.hone.normalize;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks Spark several small questions at a time: most of each is planning, on one thread. */
final class AtOnce {
  private static final int THREADS = 3;

  private AtOnce() {}

  /**
   * All results, in the questions' order.
   *
   * @throws RuntimeException what the first question that failed threw
   */
  static <T> List<T> all(List<Callable<List<T>>> questions) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<T> results = new ArrayList<>();
      for (Future<List<T>> answer : threads.invokeAll(questions)) {
        results.addAll(answer.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
