package dev.hone.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.loss.RankingRow.Candidate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which vectors a guide's loss compares, for rows that bring them. */
class GuidedRankingTest {
  private static final GuidedRanking GUIDED =
      new GuidedRanking(RankingOptions.plain(20), Guide.Margin.RELATIVE, 0.1);

  private static GuideVector vector(float value) {
    return new GuideVector(new float[] {value, 1});
  }

  private static RankingRow row(int number, GuideVector query, GuideVector... documents) {
    List<Candidate> all =
        Arrays.stream(documents)
            .map(vector -> new Candidate("d" + number + vector, Set.of(), vector, null))
            .toList();
    return new RankingRow(
        "q" + number, "q" + number, all.get(0), all.subList(1, all.size()), Set.of(), query);
  }

  @Test
  void vectorsStandInTheOrderOfTheEmbeddings() {
    CandidateColumns columns =
        CandidateColumns.of(
            List.of(
                row(0, vector(1), vector(11)),
                row(1, vector(2), vector(12), vector(22), vector(32)),
                row(2, vector(3), vector(13), vector(23))));

    MultipleNegativesRanking loss = (MultipleNegativesRanking) GUIDED.over(columns);

    assertThat(loss.guide().vectors().stream().map(vector -> vector[0]))
        .as("queries, positives, first negatives, second negatives")
        .containsExactly(1f, 2f, 3f, 11f, 12f, 13f, 22f, 23f, 32f);
    assertThat(loss.guide().margin()).isEqualTo(Guide.Margin.RELATIVE);
    assertThat(loss.guide().size()).isEqualTo(0.1);
    assertThat(loss.options()).isEqualTo(RankingOptions.plain(20));
  }

  @Test
  void aTextWithoutAVectorIsRefused() {
    RankingRow whole = row(0, vector(1), vector(2));
    RankingRow noQuery = row(0, null, vector(2));
    RankingRow noDocument =
        new RankingRow("q", "q", new Candidate("d", Set.of()), List.of(), Set.of(), vector(1));

    for (RankingRow row : List.of(noQuery, noDocument)) {
      CandidateColumns columns = CandidateColumns.of(List.of(whole, row));
      assertThatThrownBy(() -> GUIDED.over(columns))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("guide");
    }
  }

  @Test
  void itsSettingsAreThoseOfTheRankingAndItsOwn() {
    assertThat(GUIDED.settings())
        .containsAllEntriesOf(RankingOptions.plain(20).settings())
        .containsEntry("guide-margin", 0.1)
        .containsEntry("guide-margin-kind", "RELATIVE");
  }
}
