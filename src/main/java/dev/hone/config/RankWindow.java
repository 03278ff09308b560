package dev.hone.config;

/**
 * The ranks that a strategy takes its candidates from.
 *
 * @param from the first rank, counted from 0, accepted
 * @param to the rank that ends the window, not accepted itself
 */
public record RankWindow(int from, int to) {
  /** Refuses an empty window. */
  public RankWindow {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException(
          "mine.window is [" + from + ", " + to + "], but must be [from, to] with 0 <= from < to");
    }
  }
}
