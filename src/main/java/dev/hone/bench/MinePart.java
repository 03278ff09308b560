package dev.hone.bench;

import java.util.Locale;

/** What the benchmark of mining measures, each part in a table of its own. */
public enum MinePart {
  /** Exact dense search. */
  DENSE("million pairs/s"),
  /** Search by BM25. */
  BM25("queries/s"),
  /** Building the index that BM25 searches. */
  INDEX("documents/s");

  private final String unit;

  MinePart(String unit) {
    this.unit = unit;
  }

  /** What is done per second. */
  String unit() {
    return unit;
  }

  /** The work of searching with some of the queries, which warms up and leaves what was found. */
  String check() {
    return "check " + this;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
