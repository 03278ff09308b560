package dev.hone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.metric.ScoredDocument;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reciprocal rank fusion, by hand. */
class RankFusionTest {
  private static List<String> ids(List<ScoredDocument> fused) {
    return fused.stream().map(ScoredDocument::documentId).toList();
  }

  @Test
  void scoresAreSumsOfReciprocalRanksBehindSixty() {
    List<ScoredDocument> fused =
        RankFusion.fuse(List.of(List.of("a", "b", "c"), List.of("b", "d")), 10);

    assertThat(ids(fused)).containsExactly("b", "a", "d", "c");
    assertThat(fused.stream().mapToDouble(ScoredDocument::score).toArray())
        .containsExactly(
            new double[] {1 / 62.0 + 1 / 61.0, 1 / 61.0, 1 / 62.0, 1 / 63.0}, within(1e-15));
  }

  @Test
  void tiesBreakByUtf8BytesOfIdsAlsoAtTheDepth() {
    // In UTF-16 the surrogates of U+10000 come before U+FFFD, in UTF-8 after it.
    String late = "\uD800\uDC00";
    String early = "\uFFFD";

    assertThat(ids(RankFusion.fuse(List.of(List.of(late), List.of(early)), 10)))
        .containsExactly(early, late);
    assertThat(ids(RankFusion.fuse(List.of(List.of("x"), List.of("a")), 1))).containsExactly("a");
  }

  @Test
  void whatFoundNothingAddsNothing() {
    assertThat(ids(RankFusion.fuse(List.of(List.of(), List.of("a", "b")), 10)))
        .containsExactly("a", "b");
    assertThat(RankFusion.fuse(List.of(List.of(), List.of()), 10)).isEmpty();
  }
}
