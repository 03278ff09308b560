package dev.hone.loss;

import java.util.List;

/** The rows of a batch, all of one kind, in slot order. */
public sealed interface BatchRows {
  /** How many there are, 1 or more. */
  int size();

  /**
   * Some of them.
   *
   * @param from the first
   * @param to the one after the last
   * @throws IllegalArgumentException if these are none
   * @throws IndexOutOfBoundsException if there are no such rows
   */
  BatchRows part(int from, int to);

  /** Queries, each with its positive and its hard negatives. */
  record Ranking(List<RankingRow> rows) implements BatchRows {
    /** Refuses no row; copies the list. */
    public Ranking {
      rows = List.copyOf(rows);
      requireAny(rows);
    }

    @Override
    public int size() {
      return rows.size();
    }

    @Override
    public Ranking part(int from, int to) {
      return new Ranking(rows.subList(from, to));
    }
  }

  /** Pairs of texts with a score. */
  record Scored(List<ScoredPair> pairs) implements BatchRows {
    /** Refuses no pair; copies the list. */
    public Scored {
      pairs = List.copyOf(pairs);
      requireAny(pairs);
    }

    @Override
    public int size() {
      return pairs.size();
    }

    @Override
    public Scored part(int from, int to) {
      return new Scored(pairs.subList(from, to));
    }
  }

  private static void requireAny(List<?> rows) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("A batch has 0 rows, must have at least 1");
    }
  }
}
