package dev.hone.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One line of a table of speeds: who works, alone or together, and the time of each round. */
final class SpeedRow {
  private static final double NANOS = 1e9;

  private final String name;
  private final List<Contestant> together;
  private final String work;
  private final double amount;
  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> processorSeconds = new ArrayList<>();

  /**
   * A line without measurements.
   *
   * @param together processes that do their shares at the same time
   * @param work what they are asked for
   * @param amount how much they do together, in the unit of the table
   */
  SpeedRow(String name, List<Contestant> together, String work, double amount) {
    this.name = name;
    this.together = List.copyOf(together);
    this.work = work;
    this.amount = amount;
  }

  /** Does the work once, unmeasured, so that the code is compiled. */
  void warmUp() throws IOException {
    work();
  }

  /** Does the work once; the time is that of the process that ends last. */
  void measure() throws IOException {
    double before = processorTime();
    seconds.add(work());
    processorSeconds.add(processorTime() - before);
  }

  private double work() throws IOException {
    for (Contestant contestant : together) {
      contestant.ask(work);
    }
    double slowest = 0;
    for (Contestant contestant : together) {
      slowest = Math.max(slowest, contestant.seconds());
    }
    return slowest;
  }

  private double processorTime() {
    return together.stream()
        .mapToDouble(contestant -> contestant.processorTime().toNanos() / NANOS)
        .sum();
  }

  /** The most memory that one of the processes that work ever held, MiB. */
  long mostResident() throws IOException {
    long most = 0;
    for (Contestant contestant : together) {
      most = Math.max(most, contestant.mostResident());
    }
    return most;
  }

  String name() {
    return name;
  }

  double medianSeconds() {
    return median(seconds);
  }

  /** How many times as fast as another row this one is: the median over rounds taken in turn. */
  double timesInTurn(SpeedRow other) {
    return median(ratios(seconds, other, other.seconds));
  }

  /** The same by processor time, which other work on the machine disturbs less. */
  double processorTimesInTurn(SpeedRow other) {
    return median(ratios(processorSeconds, other, other.processorSeconds));
  }

  private List<Double> ratios(List<Double> own, SpeedRow other, List<Double> others) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < own.size(); round++) {
      ratios.add(amount / own.get(round) / (other.amount / others.get(round)));
    }
    return ratios;
  }

  /** The mean of the two in the middle where their number is even. */
  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int last = sorted.size() - 1;
    return (sorted.get(last / 2) + sorted.get(last - last / 2)) / 2;
  }

  /** The amount per second, in the median round. */
  double perSecond() {
    return amount / medianSeconds();
  }

  /** Amounts per second: the median, the slowest and the fastest round. */
  List<String> cells() {
    double longest = seconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double shortest = seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    return List.of(number(perSecond()), number(amount / longest), number(amount / shortest));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.1f", value);
  }

  /** What it last took, for a log. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, %.1f s, processor %.1f s",
        name,
        seconds.get(seconds.size() - 1),
        processorSeconds.get(processorSeconds.size() - 1));
  }
}
