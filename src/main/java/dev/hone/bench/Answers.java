package dev.hone.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The side of a contestant in the talk with the benchmark: it says when it is ready, then answers
 * each line on stdin with the seconds that the work of that name took.
 */
final class Answers {
  static final String READY = "ready ";
  static final String SECONDS = "seconds ";

  /** The work that every contestant knows. */
  static final String ROUND = "round";

  private static final double NANOS = 1e9;

  private Answers() {}

  /** Work that is measured by itself: what is prepared for it does not count. */
  @FunctionalInterface
  interface Work {
    /** Works, and returns the nanoseconds that count. */
    long run() throws IOException;
  }

  /** Measures all of a work. */
  static Work whole(Runnable work) {
    return () -> {
      long start = System.nanoTime();
      work.run();
      return System.nanoTime() - start;
    };
  }

  /** Answers until stdin ends, which is when the benchmark does. */
  static void give(String description, Map<String, Work> works) throws IOException {
    PrintStream out = System.out;
    out.println(READY + description);
    out.flush();
    BufferedReader asked =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = asked.readLine(); line != null; line = asked.readLine()) {
      Work work = works.get(line);
      if (work == null) {
        throw new IllegalArgumentException("cannot answer " + line + ", only " + works.keySet());
      }
      out.println(SECONDS + work.run() / NANOS);
      out.flush();
    }
  }
}
