package dev.hone.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One line of the table of encoders: who works, alone or together, and the time of each round. */
final class EncodeRow {
  private final String name;
  private final List<Contestant> together;
  private final String work;
  private final int documents;
  private final List<Double> seconds = new ArrayList<>();

  /**
   * A line without measurements.
   *
   * @param together processes that do their shares at the same time
   * @param work what they are asked for
   * @param documents how many they encode together
   */
  EncodeRow(String name, List<Contestant> together, String work, int documents) {
    this.name = name;
    this.together = List.copyOf(together);
    this.work = work;
    this.documents = documents;
  }

  /** Does the work once; the time is that of the process that ends last. */
  void measure() throws IOException {
    for (Contestant contestant : together) {
      contestant.ask(work);
    }
    double slowest = 0;
    for (Contestant contestant : together) {
      slowest = Math.max(slowest, contestant.seconds());
    }
    seconds.add(slowest);
  }

  String name() {
    return name;
  }

  /** The median of all rounds; the mean of the two in the middle where their number is even. */
  double medianSeconds() {
    List<Double> sorted = seconds.stream().sorted().toList();
    int last = sorted.size() - 1;
    return (sorted.get(last / 2) + sorted.get(last - last / 2)) / 2;
  }

  double documentsPerSecond() {
    return documents / medianSeconds();
  }

  /** Documents per second: the median, the slowest and the fastest round. */
  List<String> cells() {
    double longest = seconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double shortest = seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    return List.of(
        number(documentsPerSecond()), number(documents / longest), number(documents / shortest));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.1f", value);
  }

  /** What it last took, for a log. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s, %.1f s", name, seconds.get(seconds.size() - 1));
  }
}
