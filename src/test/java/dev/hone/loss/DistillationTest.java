package dev.hone.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.loss.DistilledRanking.Ranking;
import dev.hone.loss.RankingRow.Candidate;
import dev.hone.loss.TripletMargin.Triplet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is learned from a teacher's scores of a batch. */
class DistillationTest {
  private static Candidate document(String text, Double score) {
    return new Candidate(text, Set.of(text), null, score);
  }

  private static RankingRow row(String query, Candidate positive, Candidate... negatives) {
    return new RankingRow(query, query, positive, List.of(negatives), Set.of("known"));
  }

  /** Places: queries 0 to 3, positives 4 to 7, first negatives 8 to 10, then 11 and 12. */
  private static final CandidateColumns COLUMNS =
      CandidateColumns.of(
          List.of(
              row("a", document("pa", 5.0), document("na", 1.0), document("ma", 4.5)),
              row("b", document("pb", 2.0), document("nb", null), document("known", 0.0)),
              row("c", document("pc", null), document("nc", 1.0)),
              row("d", document("pd", 3.0))));

  @Test
  void marginsAreThoseOfThePositiveToEachNegativeThatTheTeacherScored() {
    BatchLoss loss = new Distillation(Distillation.Kind.MARGIN_MSE, 1).over(COLUMNS);

    assertThat(loss)
        .isEqualTo(
            new MarginMse(
                13, List.of(new Triplet(0, 4, 8), new Triplet(0, 4, 11)), List.of(4.0, 0.5)));
  }

  @Test
  void aRankingIsOfThePositiveAndItsNegatives() {
    BatchLoss loss = new Distillation(Distillation.Kind.KL, 2).over(COLUMNS);

    assertThat(loss)
        .isEqualTo(
            new DistilledRanking(
                2, 13, List.of(new Ranking(0, List.of(4, 8, 11), List.of(5.0, 1.0, 4.5)))));
  }

  @Test
  void aBatchWithoutScoresTeachesNothing() {
    CandidateColumns columns =
        CandidateColumns.of(List.of(row("a", document("pa", null), document("na", null))));

    for (Distillation.Kind kind : Distillation.Kind.values()) {
      assertThat(new Distillation(kind, 1).over(columns).rows()).isZero();
    }
  }
}
