package dev.hone.mine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which contradictions that the data states, in either direction, become candidates. */
class ContradictionTest {
  @TempDir private static Path folder;
  private static MiningGround ground;
  private static MineStage.Result mined;

  @BeforeAll
  static void mine() {
    ground =
        new MiningGround(folder, folder)
            .document("a", "sleeps", "a dog is sleeping on the grass")
            .document("a", "outside", "an animal is outside")
            .document("a", "indoors", "every animal is indoors")
            .document("a", "runs", "a dog is running through a field")
            .document("a", "plays", "a child plays the piano")
            .query("a", "running", "a dog is running through a field")
            .query("a", "sleeping", "a dog is sleeping on the grass")
            .query("a", "outdoors", "an animal is outside")
            .judgement("a", "running", "sleeps", 0, "contradiction")
            .judgement("a", "running", "outside", 1, "entailment")
            .judgement("a", "outdoors", "plays", null, "neutral")
            .document("b", "indoors-too", "every animal is indoors")
            .query("b", "outside-too", "an animal is outside")
            .judgement("b", "outside-too", "indoors-too", 0, "contradiction");
    mined = ground.stage("mine.strategies=[{kind=contradiction,quota=9}]").run();
  }

  @Test
  void statedOnesComeFirstAndThenThoseOfTheAnswer() {
    assertThat(ground.found(mined, "contradiction", "running"))
        .containsExactly("sleeps", "indoors");
  }

  @Test
  void aContradictionHoldsInBothDirections() {
    assertThat(ground.found(mined, "contradiction", "sleeping")).containsExactly("runs");
  }

  @Test
  void whatAnotherDataSetStatesOfTheSameTextsCounts() {
    assertThat(ground.found(mined, "contradiction", "outdoors")).containsExactly("indoors");
  }

  @Test
  void noMarginDropsWhatTheDataJudges() {
    assertThat(
            ground
                .negatives(mined)
                .filter("strategy = 'contradiction' and query_id = 'running'")
                .collectAsList())
        .extracting(row -> row.<String>getAs("doc_id"))
        .as("sleeps is given for the very query")
        .containsExactly("indoors");
  }
}
