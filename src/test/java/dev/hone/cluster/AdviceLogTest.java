package dev.hone.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.store.Checkpoints;
import dev.hone.store.Workspace;
import dev.hone.train.Advice;
import dev.hone.train.AdvisedRun;
import dev.hone.train.CurvePoint;
import dev.hone.train.TrainingUpdate;
import dev.hone.train.ValidationHistory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data set that is too small, whose loss jumps up and down from update 40 of 200 on. */
class AdviceLogTest {
  private static final int UPDATES = 200;

  @TempDir private Path folder;

  private static AdvisedRun run(int refreshEvery) {
    return new AdvisedRun(
        UPDATES,
        1,
        2e-5,
        0.1,
        1,
        128,
        128,
        256,
        refreshEvery,
        false,
        List.of(new AdvisedRun.TrainedSet("legal", true, 1_280, 1_280, "rows", 2_000, List.of())));
  }

  private static double loss(int step) {
    return step < 40 ? 1 - step / 200.0 : 0.7 + 0.3 * (step % 2 == 0 ? 1 : -1);
  }

  private TrainingWatch watch(Segment segment) {
    Workspace workspace = Workspace.open(folder.toString(), new Configuration(false));
    return new TrainingWatch(
        Checkpoints.of(workspace, "d1"),
        new CheckpointPolicy(0, 0, 1),
        segment,
        7,
        Optional.empty(),
        Optional.empty());
  }

  /** What is said from a step on. */
  private static List<String> said(Counsel counsel, TrainingWatch watch, int from) {
    List<String> lines = new ArrayList<>();
    AdviceLog log = new AdviceLog(counsel, watch, lines::add);
    for (int step = from; step < UPDATES; step++) {
      TrainingUpdate update =
          new TrainingUpdate(step, 0, "legal", loss(step), 2e-5, 0.5, 128, 1_000, 0.1);
      watch.updated(update, UPDATES);
      log.updated(update, UPDATES);
    }
    return lines;
  }

  @Test
  void adviceIsSaidOnceWhenItFirstHolds() {
    TrainingWatch watch = watch(new Segment(0, 0, UPDATES));
    Counsel counsel = new Counsel(run(0), List.of());

    List<String> lines = said(counsel, watch, 0);

    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .startsWith(
            "advice after 10 of 200 updates: small-dataset, steps 0 to 199, data set legal");
    assertThat(lines.get(1)).contains("oscillates, steps 0 to ").contains("data set legal");
    assertThat(counsel.advice(watch.log(), ValidationHistory.NONE))
        .extracting(Advice::kind)
        .containsExactly(Advice.Kind.OSCILLATES, Advice.Kind.SMALL_DATASET);
  }

  @Test
  void whatHeldInTheSegmentsBeforeIsNotSaidAgain() {
    List<CurvePoint> earlier =
        IntStream.range(0, 150)
            .mapToObj(step -> new CurvePoint(step, "legal", loss(step), 0.5))
            .toList();

    assertThat(said(new Counsel(run(150), List.of()), watch(new Segment(1, 150, UPDATES)), 150))
        .isNotEmpty();
    assertThat(said(new Counsel(run(150), earlier), watch(new Segment(1, 150, UPDATES)), 150))
        .isEmpty();
  }

  @Test
  void adviceIsOfTheWholeLog() {
    List<CurvePoint> earlier =
        IntStream.range(0, 150)
            .mapToObj(step -> new CurvePoint(step, "legal", loss(step), 0.5))
            .toList();
    TrainingWatch watch = watch(new Segment(1, 150, UPDATES));
    Counsel counsel = new Counsel(run(150), earlier);
    said(counsel, watch, 150);

    assertThat(counsel.advice(watch.log(), watch.validations()))
        .filteredOn(advice -> advice.kind() == Advice.Kind.OSCILLATES)
        .singleElement()
        .satisfies(advice -> assertThat(advice.from()).isZero());
  }
}
