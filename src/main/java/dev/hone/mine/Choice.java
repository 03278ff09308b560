package dev.hone.mine;

import dev.hone.store.Digests;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides which candidates of one query become its negatives: filters in a fixed order, then the
 * strategies one after the other, each up to its quota of documents that no earlier one gives. A
 * pure function of rules and candidates, in whatever order these come.
 */
final class Choice {
  private static final Comparator<Candidate> BY_RANK =
      Comparator.comparingInt(Candidate::rank).thenComparing(Candidate::document);

  private final Rules rules;

  Choice(Rules rules) {
    this.rules = rules;
  }

  /**
   * Judges all candidates of a query.
   *
   * @param query what tells the query apart, part of the hash of random selection
   * @return each candidate once, by strategy and rank
   */
  List<Judged> of(String query, List<Candidate> candidates) {
    Map<String, Findings> findings = findings(candidates);
    Map<String, List<Candidate>> byStrategy = new LinkedHashMap<>();
    rules.strategies().forEach(one -> byStrategy.put(one.name(), new ArrayList<>()));
    candidates.forEach(one -> byStrategy.get(rules.strategy(one.strategy()).name()).add(one));
    Map<Candidate, Verdict> verdicts = new HashMap<>();
    Map<String, List<Candidate>> left = new LinkedHashMap<>();
    for (Rules.Strategy strategy : rules.strategies()) {
      List<Candidate> ranked = byStrategy.get(strategy.name());
      ranked.sort(BY_RANK);
      List<Candidate> passed = new ArrayList<>();
      for (Candidate candidate : ranked) {
        Verdict verdict = filter(strategy, candidate, findings.get(candidate.document()));
        verdicts.put(candidate, verdict);
        if (verdict == Verdict.KEPT) {
          passed.add(candidate);
        }
      }
      left.put(strategy.name(), inOrder(strategy, query, inWindow(strategy, passed, verdicts)));
    }
    choose(left, verdicts);
    List<Judged> judged = new ArrayList<>();
    for (List<Candidate> ranked : byStrategy.values()) {
      for (Candidate candidate : ranked) {
        Findings of = findings.get(candidate.document());
        judged.add(
            new Judged(
                candidate, verdicts.get(candidate), of.agreement(), difficulty(candidate, of)));
      }
    }
    return judged;
  }

  /** The best rank that each index or model gives a document. */
  private record Findings(SortedMap<String, Integer> ranks) {
    int agreement() {
      return ranks.size();
    }
  }

  private Map<String, Findings> findings(List<Candidate> candidates) {
    Map<String, Findings> findings = new HashMap<>();
    for (Candidate candidate : candidates) {
      Findings of =
          findings.computeIfAbsent(candidate.document(), one -> new Findings(new TreeMap<>()));
      if (rules.strategy(candidate.strategy()).isRanked()) {
        of.ranks().merge(candidate.digest(), candidate.rank(), Math::min);
      }
    }
    return findings;
  }

  private Verdict filter(Rules.Strategy strategy, Candidate candidate, Findings findings) {
    if (candidate.isKnownPositive()) {
      return Verdict.KNOWN_POSITIVE;
    }
    if (candidate.isOwnText()) {
      return Verdict.OWN_TEXT;
    }
    if (candidate.isHeldOut() && !strategy.isGiven()) {
      return Verdict.HELD_OUT;
    }
    if (strategy.isRanked() && !rules.windowAfterFilter() && !isInWindow(candidate.rank() - 1)) {
      return Verdict.WINDOW;
    }
    Verdict byScore = strategy.isJudged() ? Verdict.KEPT : byScore(candidate);
    if (byScore != Verdict.KEPT) {
      return byScore;
    }
    return strategy.isRanked() && findings.agreement() < rules.minAgreement()
        ? Verdict.AGREEMENT
        : Verdict.KEPT;
  }

  private Verdict byScore(Candidate candidate) {
    if (candidate.filterScore() == null) {
      return Verdict.KEPT;
    }
    double score = candidate.filterScore();
    if (candidate.positiveScore() != null) {
      double positive = candidate.positiveScore();
      if (Margin.absolute(rules.absoluteMargin()).drops(score, positive)) {
        return Verdict.ABSOLUTE_MARGIN;
      }
      if (Margin.relative(rules.relativeMargin()).drops(score, positive)) {
        return Verdict.RELATIVE_MARGIN;
      }
    }
    if (score < rules.minScore()) {
      return Verdict.MIN_SCORE;
    }
    return score > rules.maxScore() ? Verdict.MAX_SCORE : Verdict.KEPT;
  }

  private boolean isInWindow(int rank) {
    return rank >= rules.from() && rank < rules.to();
  }

  /** Where the window counts what the filters left: the candidates inside it. */
  private List<Candidate> inWindow(
      Rules.Strategy strategy, List<Candidate> passed, Map<Candidate, Verdict> verdicts) {
    if (!strategy.isRanked() || !rules.windowAfterFilter()) {
      return passed;
    }
    List<Candidate> inside = new ArrayList<>();
    for (int i = 0; i < passed.size(); i++) {
      if (isInWindow(i)) {
        inside.add(passed.get(i));
      } else {
        verdicts.put(passed.get(i), Verdict.WINDOW_AFTER_FILTER);
      }
    }
    return inside;
  }

  /**
   * The order in which a strategy gives what is left. Ranks that no search gives say what is surest
   * to be no answer, or are by hash already.
   */
  private List<Candidate> inOrder(Rules.Strategy strategy, String query, List<Candidate> left) {
    if (!rules.isRandom() || !strategy.isRanked()) {
      return left;
    }
    Map<Candidate, String> hashes = new HashMap<>();
    for (Candidate one : left) {
      hashes.put(one, Digests.ofText(rules.seed() + "\u0001" + query + "\u0001" + one.document()));
    }
    return left.stream()
        .sorted(Comparator.<Candidate, String>comparing(hashes::get).thenComparing(BY_RANK))
        .toList();
  }

  private void choose(Map<String, List<Candidate>> left, Map<Candidate, Verdict> verdicts) {
    Set<String> taken = new HashSet<>();
    long shortfall = 0;
    for (Rules.Strategy strategy : rules.strategies()) {
      int given = take(left.get(strategy.name()), strategy.quota(), taken, verdicts);
      shortfall += strategy.isGiven() ? 0 : strategy.quota() - given;
    }
    for (Rules.Strategy strategy : rules.strategies()) {
      if (rules.fillUp() && strategy.quota() > 0 && !strategy.isGiven()) {
        List<Candidate> more =
            left.get(strategy.name()).stream()
                .filter(one -> verdicts.get(one) == Verdict.QUOTA)
                .toList();
        shortfall -= take(more, (int) Math.min(shortfall, Integer.MAX_VALUE), taken, verdicts);
      }
    }
  }

  /** Takes up to a number of documents that are not taken yet; how many there were. */
  private static int take(
      List<Candidate> ordered, int most, Set<String> taken, Map<Candidate, Verdict> verdicts) {
    int count = 0;
    for (Candidate candidate : ordered) {
      if (taken.contains(candidate.document())) {
        verdicts.put(candidate, Verdict.DUPLICATE);
      } else if (count < most) {
        taken.add(candidate.document());
        verdicts.put(candidate, Verdict.KEPT);
        count++;
      } else {
        verdicts.put(candidate, Verdict.QUOTA);
      }
    }
    return count;
  }

  /**
   * Three quarters: how near the filter score comes to the positive's, relative to that, so that
   * models of any scale compare. One quarter: the ranks, as the mean over all miners of 1 / log2(1
   * + rank), 0 for one that did not find it; scores of different miners are never mixed.
   */
  private Double difficulty(Candidate candidate, Findings findings) {
    Double nearness = nearness(candidate);
    if (rules.miners() == 0) {
      return nearness;
    }
    double sum = 0;
    for (int rank : findings.ranks().values()) {
      sum += Math.log(2) / Math.log(1.0 + rank);
    }
    double ranks = Math.min(1, sum / rules.miners());
    return nearness == null
        ? Double.valueOf(ranks)
        : Double.valueOf(0.75 * nearness + 0.25 * ranks);
  }

  private static Double nearness(Candidate candidate) {
    if (candidate.filterScore() == null || candidate.positiveScore() == null) {
      return null;
    }
    double gap = candidate.positiveScore() - candidate.filterScore();
    if (gap <= 0) {
      return 1.0;
    }
    double scale = Math.abs(candidate.positiveScore());
    return scale == 0 ? 0.0 : Math.max(0, 1 - gap / scale);
  }
}
