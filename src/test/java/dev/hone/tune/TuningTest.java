package dev.hone.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.config.RunConfig;
import dev.hone.config.TuneConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.tune.Outcome.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Which trials go on, for trainings whose worth is a function of the trial. */
class TuningTest {
  private static final TuneConfig OPTIONS =
      RunConfig.load(
              null,
              List.of(
                  "tune.space={ epochs = [1, 2, 3, 4, 5, 6, 7, 8, 9] }",
                  "tune.trials=9",
                  "tune.halving=3"))
          .tune();

  private static int epochs(Trial trial) {
    return Integer.parseInt(trial.parameters().get("train.epochs"));
  }

  /** A training that takes no time. */
  private static final class Known implements Tuning.Trainer {
    private final BiFunction<Integer, Integer, Double> worth;
    private final List<String> trained = new ArrayList<>();

    Known(BiFunction<Integer, Integer, Double> worth) {
      this.worth = worth;
    }

    @Override
    public Outcome train(Trial trial, int rung, Rungs rungs) {
      Double value = worth.apply(epochs(trial), rung);
      trained.add(epochs(trial) + " in " + rung);
      if (value == null) {
        throw new HoneException(ErrorCode.DIVERGED, "epoch " + epochs(trial) + " diverged");
      }
      return new Outcome(
          trial, rung, rungs.updates(rung, 90), "m", value, value, 1, Status.FINISHED, "r", "d");
    }

    @Override
    public boolean isOwn(HoneException failure) {
      return failure.code() == ErrorCode.DIVERGED;
    }
  }

  private static List<String> statuses(List<Outcome> outcomes, int rung) {
    return outcomes.stream()
        .filter(outcome -> outcome.rung() == rung)
        .map(outcome -> epochs(outcome.trial()) + " " + outcome.status())
        .sorted()
        .toList();
  }

  @Test
  void theBestOfEachRungGoOn() {
    Known known = new Known((epochs, rung) -> rung == 0 ? (double) epochs : 10.0 - epochs);

    List<Outcome> outcomes = new Tuning(OPTIONS, 1, known).run();

    assertThat(statuses(outcomes, 0))
        .containsExactly(
            "1 DROPPED",
            "2 DROPPED",
            "3 DROPPED",
            "4 DROPPED",
            "5 DROPPED",
            "6 DROPPED",
            "7 CONTINUED",
            "8 CONTINUED",
            "9 CONTINUED");
    assertThat(statuses(outcomes, 1)).containsExactly("7 CONTINUED", "8 DROPPED", "9 DROPPED");
    assertThat(statuses(outcomes, 2)).containsExactly("7 BEST");
    assertThat(known.trained).hasSize(13);
  }

  @Test
  void aTrialThatFailsEndsNothingButItself() {
    Known known = new Known((epochs, rung) -> epochs > 2 ? null : (double) epochs);

    List<Outcome> outcomes = new Tuning(OPTIONS, 1, known).run();

    assertThat(statuses(outcomes, 0))
        .contains("1 CONTINUED", "2 CONTINUED", "3 FAILED", "9 FAILED");
    assertThat(statuses(outcomes, 1)).containsExactly("1 DROPPED", "2 CONTINUED");
    assertThat(statuses(outcomes, 2)).containsExactly("2 BEST");
    assertThat(TrialsTable.render(outcomes)).contains("best").contains("failed");
  }

  @Test
  void whereAllFailTheFirstFailureIsTheSearchs() {
    Tuning tuning = new Tuning(OPTIONS, 1, new Known((epochs, rung) -> null));

    assertThatThrownBy(tuning::run)
        .isInstanceOf(HoneException.class)
        .hasMessage("epoch " + epochs(tuning.trials().get(0)) + " diverged");
  }

  @Test
  void ofTwoAsGoodTheFirstGoesOn() {
    Tuning tuning = new Tuning(OPTIONS, 1, new Known((epochs, rung) -> 1.0));

    Outcome best = tuning.run().get(12);

    assertThat(best.status()).isEqualTo(Status.BEST);
    assertThat(best.trial()).isEqualTo(tuning.trials().get(0));
  }
}
