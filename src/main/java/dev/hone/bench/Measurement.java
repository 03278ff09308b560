package dev.hone.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a piece of work cost this process.
 *
 * @param benchmark which benchmark it belongs to
 * @param documents the size of the work
 * @param wall time by the clock
 * @param processor time of all processors together, user and system
 * @param peakHeapBytes the most heap in use, garbage included
 * @param liveHeapBytes the most heap in use right after a collection
 */
public record Measurement(
    String benchmark,
    long documents,
    Duration wall,
    Duration processor,
    long peakHeapBytes,
    long liveHeapBytes) {
  private static final double BYTES_PER_MIB = 1 << 20;
  private static final double NANOS = 1e9;
  private static final double MICROS = 1e6;
  private static final List<String> COLUMNS =
      List.of(
          "benchmark",
          "documents",
          "seconds",
          "documents/s",
          "cpu seconds",
          "cpu us/doc",
          "peak heap MiB",
          "live heap MiB");

  /** The measurements as a table with one header line. */
  public static String table(List<Measurement> measurements) {
    StringBuilder table = new StringBuilder();
    append(table, COLUMNS);
    measurements.forEach(measurement -> append(table, measurement.cells()));
    return table.toString();
  }

  private static void append(StringBuilder table, List<String> cells) {
    table.append("%-10s".formatted(cells.get(0)));
    cells.stream().skip(1).forEach(cell -> table.append("%15s".formatted(cell)));
    table.append('\n');
  }

  /** Times per document show at a glance whether they grow with the size. */
  private List<String> cells() {
    double seconds = wall.toNanos() / NANOS;
    double cpu = processor.toNanos() / NANOS;
    return List.of(
        benchmark,
        String.format(Locale.ROOT, "%,d", documents),
        number("%,.1f", seconds),
        number("%,.0f", documents / seconds),
        number("%,.1f", cpu),
        number("%,.0f", cpu / documents * MICROS),
        number("%,.0f", peakHeapBytes / BYTES_PER_MIB),
        number("%,.0f", liveHeapBytes / BYTES_PER_MIB));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
