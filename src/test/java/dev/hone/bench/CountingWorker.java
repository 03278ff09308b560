package dev.hone.bench;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A contestant whose n-th round takes n seconds, as it says. */
public final class CountingWorker {
  private CountingWorker() {}

  /** Argument: what it says of itself; "broken" is what it is then. */
  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("broken")) {
      System.err.println("the model is missing");
      System.exit(1);
    }
    System.out.println("a library talks");
    AtomicLong rounds = new AtomicLong();
    Answers.give(
        arguments[0],
        Map.of(
            Answers.ROUND,
            () -> {
              System.out.println("and talks");
              return rounds.incrementAndGet() * 1_000_000_000L;
            }));
  }
}
