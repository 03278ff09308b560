package dev.hone.report;

import java.util.List;

/**
 * What the section about hard negatives shows, as plain values.
 *
 * @param strategies what each strategy found and gave, by round
 * @param filters what each filter dropped of each strategy, the filters as they are asked
 * @param scores the filter scorer's scores of the last round
 * @param examples queries of the last round with the negatives that strategies gave them
 */
public record MiningData(
    List<StrategyCount> strategies,
    List<FilterCount> filters,
    Scores scores,
    List<MinedQuery> examples) {

  /** Nothing was mined. */
  public static final MiningData NONE =
      new MiningData(List.of(), List.of(), Scores.NONE, List.of());

  /** Copies the lists. */
  public MiningData {
    strategies = List.copyOf(strategies);
    filters = List.copyOf(filters);
    examples = List.copyOf(examples);
  }

  /** The round whose scores and examples these are. */
  public int lastRound() {
    return strategies.stream().mapToInt(StrategyCount::round).max().orElse(0);
  }

  /** Whether nothing was mined. */
  public boolean isEmpty() {
    return strategies.isEmpty() && filters.isEmpty();
  }

  /**
   * What one strategy did in one round.
   *
   * @param dataset the data set
   * @param round mining round, from 0
   * @param strategy bm25, dense, given, ...
   * @param candidates documents found, each counted once for each query
   * @param negatives those of them that became negatives by this strategy
   * @param queries queries that it gave a negative
   */
  public record StrategyCount(
      String dataset, int round, String strategy, long candidates, long negatives, long queries) {}

  /**
   * What one filter did to the candidates of one strategy.
   *
   * @param dataset the data set
   * @param round mining round, from 0
   * @param strategy bm25, dense, ...
   * @param filter the filter's name
   * @param kept candidates that passed
   * @param dropped candidates that did not
   */
  public record FilterCount(
      String dataset, int round, String strategy, String filter, long kept, long dropped) {
    /** Candidates that no earlier filter dropped. */
    public long reached() {
      return kept + dropped;
    }
  }

  /**
   * How the filter scorer's scores are distributed, on one axis for all data sets.
   *
   * @param low where the first bin begins
   * @param high where the last bin ends
   * @param panels one per data set that is shown
   * @param hidden data sets that are not shown
   */
  public record Scores(double low, double high, List<Panel> panels, int hidden) {

    /** No scores. */
    public static final Scores NONE = new Scores(0, 1, List.of(), 0);

    /** Copies the list. */
    public Scores {
      panels = List.copyOf(panels);
    }
  }

  /**
   * The distributions of one data set, to be seen below one another.
   *
   * @param dataset the data set
   * @param distributions positives first, then what each strategy gave, then what was not kept
   */
  public record Panel(String dataset, List<Distribution> distributions) {
    /** Copies the list. */
    public Panel {
      distributions = List.copyOf(distributions);
    }
  }

  /** Whose scores a distribution counts. */
  public enum Kind {
    /** Each query's lowest positive. */
    POSITIVE,
    /** The negatives of one strategy. */
    KEPT,
    /** Pairs of a query and a candidate that is no negative of it. */
    NOT_KEPT
  }

  /**
   * The scores of one kind of pairs.
   *
   * @param kind what is counted
   * @param strategy the strategy that gave the negatives; empty for the other kinds
   * @param pairs how many have a score
   * @param counts how many lie in each bin of equal width, from the lowest
   * @param quantiles 5, 25, 50, 75 and 95 %
   */
  public record Distribution(
      Kind kind, String strategy, long pairs, List<Long> counts, List<Double> quantiles) {
    /** Copies the lists. */
    public Distribution {
      counts = List.copyOf(counts);
      quantiles = List.copyOf(quantiles);
    }

    /** Half of the pairs score no more. */
    public double median() {
      return quantiles.get(quantiles.size() / 2);
    }
  }

  /**
   * A query beside its lowest positive and the negatives that strategies gave it.
   *
   * @param dataset its data set
   * @param queryId its id
   * @param query the beginning of its text
   * @param positive the beginning of its positive's text; empty where it has none
   * @param positiveScore the filter scorer's score of the positive; NaN where there is none
   * @param negatives the first of each strategy, by the strategy's name
   */
  public record MinedQuery(
      String dataset,
      String queryId,
      String query,
      String positive,
      double positiveScore,
      List<Negative> negatives) {
    /** Copies the list. */
    public MinedQuery {
      negatives = List.copyOf(negatives);
    }
  }

  /**
   * A strategy's first negative of a query.
   *
   * @param strategy the strategy's name
   * @param text the beginning of its text
   * @param rank position in the strategy's order, from 1
   * @param score the strategy's own score; NaN where it has none
   * @param filterScore the filter scorer's score; NaN where there is none
   * @param difficulty from 0 (easy) to 1 (as near as the positive); NaN where nothing tells
   * @param more further negatives that the strategy gave the query
   */
  public record Negative(
      String strategy,
      String text,
      int rank,
      double score,
      double filterScore,
      double difficulty,
      long more) {}
}
