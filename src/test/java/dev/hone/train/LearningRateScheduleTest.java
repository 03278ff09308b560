package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.train.LearningRateSchedule.Decay;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The learning rate of each update, against values computed by hand. */
class LearningRateScheduleTest {
  private static void assertRates(LearningRateSchedule schedule, double... expected) {
    assertThat(IntStream.range(0, schedule.updates()).mapToDouble(schedule::at).toArray())
        .containsExactly(expected, within(1e-9));
  }

  @Test
  void linearWarmsUpFromZeroAndFallsInAStraightLine() {
    assertRates(
        new LearningRateSchedule(1e-3, 0.25, 8, Decay.LINEAR),
        0,
        5e-4,
        1e-3,
        8.333333e-4,
        6.666667e-4,
        5e-4,
        3.333333e-4,
        1.666667e-4);
  }

  /** After two of eight updates, the cosine of 0, 30, 60, 90, 120 and 150 degrees. */
  @Test
  void cosineWarmsUpFromZeroAndFallsAlongHalfACosine() {
    assertRates(
        new LearningRateSchedule(1e-3, 0.25, 8, Decay.COSINE),
        0,
        5e-4,
        1e-3,
        9.330127e-4,
        7.5e-4,
        5e-4,
        2.5e-4,
        6.69873e-5);
  }

  @Test
  void constantStaysAtItsPeak() {
    assertRates(
        new LearningRateSchedule(1e-3, 0.25, 8, Decay.CONSTANT),
        0,
        5e-4,
        1e-3,
        1e-3,
        1e-3,
        1e-3,
        1e-3,
        1e-3);
  }

  @Test
  void shareOfWarmUpIsRoundedUp() {
    assertRates(new LearningRateSchedule(1, 0.1, 5, Decay.CONSTANT), 0, 1, 1, 1, 1);
    assertThat(new LearningRateSchedule(1, 0.1, 11, Decay.LINEAR).warmup()).isEqualTo(2);
  }

  @Test
  void withoutWarmUpTheFirstUpdateHasThePeak() {
    assertRates(new LearningRateSchedule(1, 0, 4, Decay.LINEAR), 1, 0.75, 0.5, 0.25);
  }

  @Test
  void warmUpMayBeAllOfTheRun() {
    assertRates(new LearningRateSchedule(1, 1, 4, Decay.LINEAR), 0, 0.25, 0.5, 0.75);
  }

  @Test
  void updatesOutsideOfTheRunHaveNoRate() {
    LearningRateSchedule schedule = new LearningRateSchedule(1, 0, 4, Decay.LINEAR);
    assertThatThrownBy(() -> schedule.at(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("update is 4, must be in [0, 4)");
  }
}
