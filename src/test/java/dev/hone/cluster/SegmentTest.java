package dev.hone.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How a run's updates are cut at its mining rounds. */
class SegmentTest {
  @Test
  void eachRoundHasItsUpdatesAndTheLastWhatIsLeft() {
    List<Segment> segments = Segment.of(8, 3);

    assertThat(segments).extracting(Segment::round).containsExactly(0, 1, 2);
    assertThat(segments).extracting(Segment::from).containsExactly(0, 3, 6);
    assertThat(segments).extracting(Segment::to).containsExactly(3, 6, 8);
    assertThat(segments).extracting(Segment::isLast).containsExactly(false, false, true);
    assertThat(segments).extracting(Segment::part).containsExactly("round-0", "round-1", "round-2");
    assertThat(segments).extracting(Segment::isWhole).containsOnly(false);
  }

  @Test
  void noRoundIsMinedForNoUpdates() {
    assertThat(Segment.of(6, 3)).extracting(Segment::to).containsExactly(3, 6);
    assertThat(Segment.of(3, 2)).extracting(Segment::to).containsExactly(2, 3);
    assertThat(Segment.of(Integer.MAX_VALUE, Integer.MAX_VALUE - 1))
        .extracting(Segment::to)
        .containsExactly(Integer.MAX_VALUE - 1, Integer.MAX_VALUE);
  }

  @Test
  void withoutRefreshOrWithOneAfterTheEndThereIsOneSegment() {
    for (int every : new int[] {0, 8, 9, Integer.MAX_VALUE}) {
      assertThat(Segment.of(8, every)).containsExactly(new Segment(0, 0, 8));
    }
    Segment whole = new Segment(0, 0, 8);
    assertThat(whole.isWhole()).isTrue();
    assertThat(whole.isLast()).isTrue();
    assertThat(whole.part()).isEqualTo("all");
    assertThat(List.of(whole.from(), whole.to())).containsExactly(0, 8);
  }
}
