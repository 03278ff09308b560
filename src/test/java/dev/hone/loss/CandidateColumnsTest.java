package dev.hone.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.loss.RankingRow.Candidate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which columns and queries count for a row, by examples and by the rules one by one. */
class CandidateColumnsTest {
  private static RankingRow row(String query, String positive, String... negatives) {
    return new RankingRow(
        query,
        query,
        new Candidate(positive, Set.of(positive)),
        List.of(negatives).stream().map(text -> new Candidate(text, Set.of(text))).toList(),
        Set.of(positive));
  }

  /**
   * Rows with and without negatives, a repeated query, a repeated document, a hit by a negative.
   */
  static List<RankingRow> batch() {
    return List.of(
        row("q0", "d0", "n0", "m0"),
        row("q1", "d1"),
        row("q0", "d2", "n1"),
        row("q3", "d1", "d0"),
        row("q4", "d4", "q4", "n0"));
  }

  @Test
  void columnsAreBlockedAndSlotsThatARowDoesNotFillAreNone() {
    CandidateColumns columns = CandidateColumns.of(batch());
    assertThat(columns.slots())
        .extracting(slot -> slot.row() + ":" + slot.negative())
        .containsExactly(
            "0:-1", "1:-1", "2:-1", "3:-1", "4:-1", "0:0", "2:0", "3:0", "4:0", "0:1", "4:1");
  }

  @Test
  void falseNegativesAreLeftOutAndNeverARowsOwnPositive() {
    CandidateColumns columns = CandidateColumns.of(batch());
    assertThat(columns.documents(0).get(0)).isTrue();
    assertThat(columns.documents(0).get(2)).as("another row of the same query").isFalse();
    assertThat(columns.documents(1).get(3)).as("the same document in another row").isFalse();
    assertThat(columns.documents(4).get(8)).as("the query's own text").isFalse();
    assertThat(columns.documents(1).get(5)).isTrue();
    assertThat(columns.documents(1).get(10)).as("a copy of n0 counts once").isFalse();
    assertThat(columns.falseNegatives(1).get(10)).as("but is no false negative").isFalse();
    for (int row = 0; row < 5; row++) {
      assertThat(columns.documents(row).get(row)).isTrue();
    }
  }

  @Test
  void queriesThatADocumentAnswersAreLeftOutAndNeverItsOwn() {
    CandidateColumns columns = CandidateColumns.of(batch());
    assertThat(columns.queries(0)).as("q0 stands in row 2 too").isEqualTo(bits(0, 1, 3, 4));
    assertThat(columns.queries(1)).as("d1 answers q3").isEqualTo(bits(0, 1, 2, 4));
    assertThat(columns.queries(4)).isEqualTo(bits(0, 1, 2, 3, 4));
    assertThat(columns.otherQueries(1)).isEqualTo(bits(0, 2, 4));
    assertThat(columns.otherQueries(4)).isEqualTo(bits(0, 1, 2, 3));
  }

  @Test
  void aDocumentIsNotComparedWithThoseOfItsOwnRow() {
    CandidateColumns columns = CandidateColumns.of(batch());
    assertThat(columns.documents(0)).isEqualTo(bits(0, 1, 4, 5, 8, 9));
    assertThat(columns.otherDocuments(0)).isEqualTo(bits(1, 4, 8));
    CandidateColumns all = CandidateColumns.unmasked(batch());
    assertThat(all.documents(0).cardinality()).isEqualTo(11);
    assertThat(all.otherDocuments(0)).isEqualTo(bits(1, 2, 3, 4, 6, 7, 8, 10));
    assertThat(all.otherQueries(0)).isEqualTo(bits(1, 2, 3, 4));
    assertThat(all.queries(0)).isEqualTo(bits(0, 1, 2, 3, 4));
  }

  private static BitSet bits(int... set) {
    BitSet bits = new BitSet();
    IntStream.of(set).forEach(bits::set);
    return bits;
  }

  @Test
  void whatSharesAnyGroupWithAKnownPositiveIsLeftOut() {
    CandidateColumns columns =
        CandidateColumns.of(
            List.of(
                new RankingRow(
                    "q0",
                    "q0",
                    new Candidate("a", Set.of("hash-a", "intent-1")),
                    List.of(new Candidate("n", Set.of("hash-n", "near-7"))),
                    Set.of("hash-a", "intent-1", "hash-z", "near-7")),
                new RankingRow(
                    "q1",
                    "q1",
                    new Candidate("b", Set.of("hash-b", "intent-1")),
                    List.of(),
                    Set.of("hash-b", "intent-1")),
                new RankingRow(
                    "q2",
                    "q2",
                    new Candidate("c", Set.of("hash-c")),
                    List.of(),
                    Set.of("hash-c"))));

    assertThat(columns.documents(0).get(1)).as("another text of one intent").isFalse();
    assertThat(columns.documents(1).get(0)).as("the same from the other side").isFalse();
    assertThat(columns.documents(0).get(3))
        .as("an own negative nearly equal to a known one")
        .isFalse();
    assertThat(columns.documents(1).get(3)).isTrue();
    assertThat(columns.documents(0).get(2)).isTrue();
    assertThat(columns.documents(2).get(0)).isTrue();
    assertThat(columns.queries(0).get(1)).isFalse();
    assertThat(columns.queries(2).get(1)).isTrue();
  }

  @Test
  void rulesHoldForAnyBatch() {
    for (int seed = 0; seed < 200; seed++) {
      List<RankingRow> batch = randomBatch(new Random(seed));
      CandidateColumns columns = CandidateColumns.of(batch);
      for (int row = 0; row < batch.size(); row++) {
        assertThat(columns.documents(row))
            .as("%s row %d", batch, row)
            .isEqualTo(byRule(batch, columns, row));
        assertThat(columns.queries(row))
            .as("%s row %d", batch, row)
            .isEqualTo(queriesByRule(batch, row));
      }
    }
  }

  /** Few texts, groups and queries, so that all rules meet. */
  private static List<RankingRow> randomBatch(Random random) {
    List<RankingRow> rows = new ArrayList<>();
    int size = 1 + random.nextInt(7);
    for (int i = 0; i < size; i++) {
      List<Candidate> negatives = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        negatives.add(candidate(random));
      }
      int query = random.nextInt(6);
      rows.add(
          new RankingRow(
              "key" + query,
              "t" + query,
              candidate(random),
              negatives,
              Set.of("g" + random.nextInt(9), "h" + random.nextInt(9))));
    }
    return rows;
  }

  private static Candidate candidate(Random random) {
    Set<String> groups = random.nextInt(3) == 0 ? Set.of() : Set.of("g" + random.nextInt(9));
    return new Candidate("t" + random.nextInt(10), groups);
  }

  private static BitSet byRule(List<RankingRow> batch, CandidateColumns columns, int row) {
    RankingRow own = batch.get(row);
    Set<String> counted = new HashSet<>(Set.of(own.positive().text()));
    BitSet counts = new BitSet();
    for (int column = 0; column < columns.columns(); column++) {
      CandidateColumns.Slot slot = columns.slots().get(column);
      RankingRow home = batch.get(slot.row());
      Candidate candidate =
          slot.negative() < 0 ? home.positive() : home.negatives().get(slot.negative());
      boolean falseNegative =
          !Collections.disjoint(own.knownPositives(), candidate.groups())
              || !Collections.disjoint(own.positive().groups(), candidate.groups())
              || candidate.text().equals(own.queryText())
              || (slot.row() != row && home.queryKey().equals(own.queryKey()));
      counts.set(column, column == row || (!falseNegative && counted.add(candidate.text())));
    }
    return counts;
  }

  private static BitSet queriesByRule(List<RankingRow> batch, int row) {
    RankingRow own = batch.get(row);
    BitSet counts = new BitSet();
    for (int other = 0; other < batch.size(); other++) {
      RankingRow asking = batch.get(other);
      boolean answered =
          !Collections.disjoint(asking.knownPositives(), own.positive().groups())
              || !Collections.disjoint(asking.positive().groups(), own.positive().groups());
      boolean same =
          asking.queryText().equals(own.queryText()) || asking.queryKey().equals(own.queryKey());
      counts.set(other, other == row || !(answered || same));
    }
    return counts;
  }

  @Test
  void rowsThatAreNoneAreRefused() {
    CandidateColumns columns = CandidateColumns.of(batch());
    assertThatThrownBy(() -> columns.documents(5))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("5 is none of 5 rows");
    assertThatThrownBy(() -> CandidateColumns.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 rows");
  }
}
