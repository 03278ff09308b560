package dev.hone.mine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.config.RunConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the choice among one query's candidates holds to, whatever they are. */
class ChoiceTest {
  private static final String TWO =
      "mine.strategies=[{kind=bm25,quota=3},{kind=dense,quota=2},{kind=random,quota=2}]";

  private static Rules rules(String... keys) {
    return Rules.of(RunConfig.load(null, List.of(keys)).mine(), 42);
  }

  private static Candidate found(String strategy, String document, int rank, double score) {
    return new Candidate(document, strategy, strategy, rank, score, 0.8, false, false, false);
  }

  private static List<Candidate> randomCandidates(Random random) {
    List<Candidate> candidates = new ArrayList<>();
    Map<Integer, Double> scores = new HashMap<>();
    for (String strategy : List.of("given", "bm25", "dense", "random")) {
      Set<Integer> documents = new HashSet<>();
      for (int rank = 1; rank <= random.nextInt(12); rank++) {
        int document = random.nextInt(20);
        if (documents.add(document)) {
          double score = scores.computeIfAbsent(document, one -> random.nextDouble());
          candidates.add(
              new Candidate(
                  "d" + document,
                  strategy,
                  strategy,
                  rank,
                  score,
                  0.8,
                  document % 7 == 0,
                  document == 3,
                  document == 4));
        }
      }
    }
    return candidates;
  }

  private static long kept(List<Judged> judged, String strategy) {
    return judged.stream()
        .filter(one -> one.verdict() == Verdict.KEPT)
        .filter(one -> one.candidate().strategy().equals(strategy))
        .count();
  }

  @Test
  void quotasHoldNoDocumentIsTakenTwiceAndNoOrderMatters() {
    Random random = new Random(11);
    for (String selection : List.of("top", "random")) {
      Choice choice = new Choice(rules(TWO, "mine.selection=" + selection));
      for (int i = 0; i < 500; i++) {
        List<Candidate> candidates = randomCandidates(random);
        List<Judged> judged = choice.of("q", candidates);
        Collections.shuffle(candidates, random);

        assertThat(choice.of("q", candidates)).isEqualTo(judged);
        assertThat(judged).hasSameSizeAs(candidates);
        assertThat(kept(judged, "bm25")).isLessThanOrEqualTo(3);
        assertThat(kept(judged, "dense")).isLessThanOrEqualTo(2);
        assertThat(judged.stream().filter(one -> one.verdict() == Verdict.KEPT))
            .extracting(one -> one.candidate().document())
            .doesNotHaveDuplicates()
            .doesNotContain("d0", "d7", "d14", "d3");
      }
    }
  }

  @Test
  void randomSelectionIsAmongWhatASearchRanksAlone() {
    String strategies =
        "mine.strategies=[{kind=bm25,quota=1},{kind=contradiction,quota=1},{kind=random,quota=1}]";
    Set<String> ofSearch = new HashSet<>();
    for (String seed : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
      List<Candidate> candidates = new ArrayList<>();
      for (int rank = 1; rank <= 9; rank++) {
        candidates.add(found("bm25", "searched " + rank, rank, 0.1));
        candidates.add(found("contradiction", "judged " + rank, rank, 0.1));
        candidates.add(found("random", "hashed " + rank, rank, 0.1));
      }
      List<String> kept =
          new Choice(rules(strategies))
              .of(seed, candidates).stream()
                  .filter(one -> one.verdict() == Verdict.KEPT)
                  .map(one -> one.candidate().document())
                  .toList();
      assertThat(kept).hasSize(3).contains("judged 1", "hashed 1");
      ofSearch.add(kept.get(0));
    }
    assertThat(ofSearch).hasSizeGreaterThan(3);
  }

  @Test
  void fillingUpReachesTheSumOfQuotasOrTakesAll() {
    Random random = new Random(12);
    Choice choice = new Choice(rules(TWO, "mine.fill-up=true"));
    for (int i = 0; i < 500; i++) {
      List<Judged> judged = choice.of("q", randomCandidates(random));
      long mined = kept(judged, "bm25") + kept(judged, "dense") + kept(judged, "random");

      assertThat(mined).isLessThanOrEqualTo(7);
      if (mined < 7) {
        assertThat(judged).extracting(Judged::verdict).doesNotContain(Verdict.QUOTA);
      }
    }
  }

  @Test
  void difficultyRisesWithTheScoreTheRankAndTheAgreement() {
    Choice choice = new Choice(rules(TWO, "mine.relative-margin=none"));
    List<Judged> judged =
        choice.of(
            "q",
            List.of(
                found("bm25", "both", 1, 0.4),
                found("dense", "both", 1, 0.4),
                found("bm25", "one", 2, 0.4),
                found("bm25", "lower", 3, 0.4),
                found("random", "drawn", 1, 0.4),
                found("random", "above", 2, 0.9),
                found("random", "opposite", 3, -0.9)));
    Map<String, Double> difficulties = new HashMap<>();
    judged.forEach(one -> difficulties.put(one.candidate().document(), one.difficulty()));

    assertThat(difficulties.get("both")).isCloseTo(0.75 * 0.5 + 0.25, within(1e-12));
    assertThat(difficulties.get("one"))
        .isLessThan(difficulties.get("both"))
        .isGreaterThan(difficulties.get("lower"));
    assertThat(difficulties.get("drawn")).isCloseTo(0.375, within(1e-12));
    assertThat(difficulties.get("above")).isEqualTo(0.75);
    assertThat(difficulties.get("opposite")).isZero();
  }

  @Test
  void agreementCountsIndexesAndModelsNotStrategies() {
    Rules rules = rules("mine.strategies=[{kind=bm25},{kind=partial-match}]");
    Candidate twin = new Candidate("d", "partial-match", "index", 1, 0.1, 0.8, false, false, false);
    Candidate first = new Candidate("d", "bm25", "index", 4, 0.1, 0.8, false, false, false);

    assertThat(new Choice(rules).of("q", List.of(first, twin)))
        .extracting(Judged::agreement)
        .containsExactly(1, 1);
  }

  @Test
  void randomSelectionIsDecidedByTheSeed() {
    List<Candidate> candidates = new ArrayList<>();
    for (int rank = 1; rank <= 50; rank++) {
      candidates.add(found("bm25", "d" + rank, rank, 0.1));
    }
    Set<List<String>> chosen = new HashSet<>();
    for (long seed = 0; seed < 5; seed++) {
      Rules rules =
          Rules.of(RunConfig.load(null, List.of(TWO, "mine.selection=random")).mine(), seed);
      chosen.add(
          new Choice(rules)
              .of("q", candidates).stream()
                  .filter(one -> one.verdict() == Verdict.KEPT)
                  .map(one -> one.candidate().document())
                  .toList());
    }
    assertThat(chosen).hasSize(5);
  }

  @Test
  void aCandidateWithoutScoresIsKeptAndJudgedByItsRanks() {
    Candidate unscored = new Candidate("d", "bm25", "i", 1, null, null, false, false, false);

    assertThat(new Choice(rules(TWO)).of("q", List.of(unscored)))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.verdict()).isEqualTo(Verdict.KEPT);
              assertThat(one.difficulty()).isEqualTo(0.5);
            });
  }
}
