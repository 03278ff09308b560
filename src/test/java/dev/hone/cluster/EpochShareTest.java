package dev.hone.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.Sampling;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the rows of an epoch: updates, tail and rest. */
class EpochShareTest {
  private static EpochShare share(long rows, int updateRows, boolean dealt) {
    return EpochShare.of(
            new TreeMap<>(Map.of("law", rows)), updateRows, name -> dealt, Sampling.PROPORTIONAL)
        .get(0);
  }

  @ParameterizedTest
  @CsvSource({
    // rows, rows of an update, updates and tail of a contrastive loss, updates of another
    "64, 32, 2, 0, 2",
    "65, 32, 2, 1, 3",
    "95, 32, 2, 31, 3",
    "32, 32, 1, 0, 1",
    "31, 32, 1, 0, 1",
    "1, 32, 1, 0, 1",
    "3000000000, 32, 93750000, 0, 93750000"
  })
  void aTailIsLeftOutOrDealtOut(long rows, int size, long whole, long tail, long dealt) {
    EpochShare contrastive = share(rows, size, false);
    assertThat(contrastive).isEqualTo(new EpochShare("law", rows, rows - tail, whole, whole));
    assertThat(contrastive.tail()).isEqualTo(tail);
    assertThat(contrastive.planned()).isEqualTo(rows - tail);
    assertThat(contrastive.rest()).isZero();

    assertThat(share(rows, size, true)).isEqualTo(new EpochShare("law", rows, rows, dealt, dealt));
    assertThat(share(rows, size, true).tail()).isZero();
  }

  @Test
  void inTurnsTheSmallestEndsTheEpochAndTheRestIsCounted() {
    TreeMap<String, Long> counts = new TreeMap<>(Map.of("law", 23L, "money", 9L, "sts", 11L));
    List<EpochShare> shares =
        EpochShare.of(counts, 4, name -> name.equals("sts"), Sampling.ROUND_ROBIN);

    assertThat(shares)
        .containsExactly(
            new EpochShare("law", 23, 20, 5, 2),
            new EpochShare("money", 9, 8, 2, 2),
            new EpochShare("sts", 11, 11, 3, 2));
    assertThat(shares.stream().map(EpochShare::planned)).containsExactly(8L, 8L, 7L);
    assertThat(shares.stream().map(EpochShare::tail)).containsExactly(3L, 1L, 0L);
    assertThat(shares.stream().map(EpochShare::rest)).containsExactly(12L, 0L, 4L);
    assertThat(shares)
        .allSatisfy(
            one -> assertThat(one.planned() + one.tail() + one.rest()).isEqualTo(one.rows()));
  }
}
