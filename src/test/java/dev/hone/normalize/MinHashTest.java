package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Signatures that estimate how alike two texts are. */
class MinHashTest {
  private static List<String> words(Random random, int count) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add("w" + random.nextInt(10_000));
    }
    return words;
  }

  private static Set<String> triples(List<String> words) {
    Set<String> triples = new HashSet<>();
    for (int i = 0; i + 3 <= words.size(); i++) {
      triples.add(String.join(" ", words.subList(i, i + 3)));
    }
    return triples;
  }

  private static double estimate(String a, String b) {
    List<Long> left = new MinHash().call(a);
    List<Long> right = new MinHash().call(b);
    int same = 0;
    for (int i = 0; i < MinHash.PLACES; i++) {
      same += left.get(i).equals(right.get(i)) ? 1 : 0;
    }
    return (double) same / MinHash.PLACES;
  }

  @Test
  void shareOfEqualPlacesEstimatesTheJaccardSimilarityOfWordTriples() {
    Random random = new Random(7);
    double error = 0;
    for (int round = 0; round < 40; round++) {
      List<String> first = words(random, 300);
      List<String> second = new ArrayList<>(first);
      for (int change = 0; change < 2 * round; change++) {
        second.set(random.nextInt(second.size()), "x" + random.nextInt());
      }
      Set<String> both = triples(first);
      both.retainAll(triples(second));
      Set<String> any = triples(first);
      any.addAll(triples(second));
      double similarity = (double) both.size() / any.size();
      double estimate = estimate(String.join(" ", first), String.join(" ", second));
      assertThat(estimate).isBetween(similarity - 0.2, similarity + 0.2);
      error += estimate - similarity;
    }
    assertThat(error / 40).isBetween(-0.02, 0.02);
  }

  @Test
  void caseAndPunctuationMakeNoDifference() {
    assertThat(new MinHash().call("The writ, of habeas corpus."))
        .hasSize(MinHash.PLACES)
        .isEqualTo(new MinHash().call("the WRIT of Habeas Corpus"));
  }

  @Test
  void signatureDoesNotDependOnTextsBefore() {
    MinHash used = new MinHash();
    used.call("a longer text that fills every place before the next one comes");
    used.call("?! ...");
    assertThat(used.call("habeas corpus")).isEqualTo(new MinHash().call("habeas corpus"));
    assertThat(used.call("the writ of habeas corpus"))
        .isEqualTo(new MinHash().call("the writ of habeas corpus"));
  }

  @Test
  void textWithoutWordsHasNoSignature() {
    assertThat(new MinHash().call("?! ...")).isEmpty();
  }

  @Test
  void bandsFindPairsBelowTheThresholdToo() {
    assertThat(NearDuplicates.rows(0.5)).isEqualTo(4);
    assertThat(NearDuplicates.rows(0.8)).isEqualTo(8);
    assertThat(NearDuplicates.rows(0.05)).isEqualTo(1);
  }
}
