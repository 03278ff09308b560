package dev.hone.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.config.RunConfig;
import dev.hone.config.TrainConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.loss.Direction;
import dev.hone.loss.Distance;
import dev.hone.loss.Distillation;
import dev.hone.loss.Guide;
import dev.hone.loss.GuidedRanking;
import dev.hone.loss.Hardness;
import dev.hone.loss.MatryoshkaOptions;
import dev.hone.loss.OrderOptions;
import dev.hone.loss.Partition;
import dev.hone.loss.RankingOptions;
import dev.hone.loss.TripletOptions;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelSource;
import dev.hone.store.LocalCache;
import dev.hone.store.SharedCache;
import dev.hone.train.GradientCache;
import dev.hone.train.GradientMethod;
import dev.hone.train.OneGraph;
import dev.hone.train.TrainingLoss;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which loss a run trains with, in which batches, and what it leaves in the log of the run. */
class ChosenLossTest {
  private static ModelFolder unit;

  private final Map<String, String> resolved = new TreeMap<>();

  @BeforeAll
  static void open() {
    LocalCache cache = SharedCache.open();
    unit = ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration(false));
  }

  private static TrainConfig train(String... sets) {
    return RunConfig.load(null, Stream.of(sets).map(set -> "train." + set).toList()).train();
  }

  private TrainingLoss loss(String... sets) {
    return ChosenLoss.of(train(sets), 1000).over(unit, resolved);
  }

  @ParameterizedTest
  @CsvSource({
    "auto, auto, 99999, mnrl",
    "auto, auto, 100000, cached-mnrl",
    "auto, 128, 1000, mnrl",
    "auto, 129, 1000, cached-mnrl",
    "mnrl, 4096, 200000, mnrl",
    "cached-mnrl, 16, 100, cached-mnrl",
    "triplet, auto, 200000, triplet",
    "cosent, 4096, 200000, cosent"
  })
  void manyRowsAndLargeBatchesAreCached(String loss, String batch, long rows, String expected) {
    ChosenLoss chosen = ChosenLoss.of(train("loss=" + loss, "batch-size=" + batch), rows);
    chosen.over(unit, resolved);
    assertThat(resolved).containsEntry("train.loss", expected);
    assertThat(chosen.gradients())
        .isInstanceOf(expected.equals("cached-mnrl") ? GradientCache.class : OneGraph.class);
  }

  @ParameterizedTest
  @CsvSource({
    "mnrl, 1000, 1, 32",
    "mnrl, 6400, 1, 64",
    "mnrl, 6399, 2, 64",
    "mnrl, 50000, 1, 128",
    "cosent, 5749, 4, 128",
    "cached-mnrl, 1000, 1, 512",
    "cached-mnrl, 102399, 1, 512",
    "cached-mnrl, 102400, 1, 1024",
    "cached-mnrl, 1000000, 2, 4096"
  })
  void theLargestBatchThatLeavesAHundredUpdatesIsTaken(
      String loss, long rows, int epochs, int expected) {
    ChosenLoss chosen = ChosenLoss.of(train("loss=" + loss), rows);
    assertThat(ChosenLoss.batch(chosen.isCached(), rows, epochs)).isEqualTo(expected);
  }

  @Test
  void byDefaultItIsPlainRanking() {
    assertThat(loss())
        .isEqualTo(new TrainingLoss(RankingOptions.plain(20), MatryoshkaOptions.NONE, true));
    assertThat(ChosenLoss.of(train(), 1000).gradients())
        .isEqualTo(new OneGraph(GradientMethod.CHUNK_TOKENS));
  }

  @Test
  void everySettingReachesTheLoss() {
    assertThat(loss("symmetric=true", "scale=15").objective())
        .isEqualTo(RankingOptions.symmetric(15));
    assertThat(
            loss(
                "directions=[document-to-query, query-to-document]",
                "partition-mode=per-direction",
                "hardness=all-negatives",
                "hardness-strength=5",
                "mask-false-negatives=false",
                "matryoshka-dims=[384, 64]",
                "matryoshka-weights=[1, 0.5]",
                "matryoshka-reduction=mean"))
        .isEqualTo(
            new TrainingLoss(
                new RankingOptions(
                    20,
                    List.of(Direction.QUERY_TO_DOCUMENT, Direction.DOCUMENT_TO_QUERY),
                    Partition.PER_DIRECTION,
                    Hardness.ALL_NEGATIVES,
                    5),
                new MatryoshkaOptions(
                    List.of(384, 64), List.of(1.0, 0.5), MatryoshkaOptions.Reduction.MEAN),
                false));
    assertThat(
            loss("guide=/models/e5", "guide-margin=0.05", "guide-margin-kind=relative").objective())
        .isEqualTo(new GuidedRanking(RankingOptions.plain(20), Guide.Margin.RELATIVE, 0.05));
    assertThat(loss("loss=cosent", "scale=15", "matryoshka-dims=[384, 64]"))
        .isEqualTo(
            new TrainingLoss(new OrderOptions(15), MatryoshkaOptions.sum(List.of(384, 64)), true));
    assertThat(
            ChosenLoss.of(
                    train("loss=cached-mnrl", "chunk-tokens=512", "activation-memory=3"), 1000)
                .gradients())
        .isEqualTo(new GradientCache(512, GradientCache.CHUNK_ROWS, 3 << 20));
  }

  @Test
  void aTeacherTakesThePlaceOfTheRanking() {
    TrainConfig train =
        RunConfig.load(
                null,
                List.of(
                    "train.distillation=kl",
                    "train.distillation-temperature=2",
                    "mine.filter-scorer=builtin:e5-small-v2"))
            .train();

    assertThat(ChosenLoss.of(train, 1000).over(unit, resolved).objective())
        .isEqualTo(new Distillation(Distillation.Kind.KL, 2));
    assertThat(resolved).containsEntry("train.loss", "kl");
  }

  @Test
  void aMarginThatIsLeftOpenFitsTheLengthOfVectors() {
    assertThat(unit.normalized()).isTrue();
    assertThat(loss("loss=triplet").objective())
        .isEqualTo(new TripletOptions(Distance.EUCLIDEAN, 0.5));
    ModelFolder any =
        new ModelFolder(
            unit.path(),
            unit.transformer(),
            unit.architecture(),
            unit.pooling(),
            unit.includePrompt(),
            List.of(),
            unit.maxLength(),
            unit.queryPrompt(),
            unit.documentPrompt(),
            unit.similarity(),
            unit.prompts(),
            unit.tokenizerJson(),
            unit.digest());
    assertThat(ChosenLoss.of(train("loss=triplet"), 1000).over(any, resolved).objective())
        .isEqualTo(new TripletOptions(Distance.EUCLIDEAN, 5));
    assertThat(resolved).containsEntry("train.margin", "5.0");
    for (String set : List.of("distance=cosine", "matryoshka-dims=[384]")) {
      TrainingLoss loss = ChosenLoss.of(train("loss=triplet", set), 1000).over(any, resolved);
      assertThat(((TripletOptions) loss.objective()).margin()).isEqualTo(0.5);
    }
    assertThat(loss("loss=triplet", "margin=3").objective())
        .isEqualTo(new TripletOptions(Distance.EUCLIDEAN, 3));
  }

  @Test
  void lossesThatDifferHaveOtherSettingsAndSoOtherDigests() {
    List<TrainingLoss> losses =
        List.of(
            loss(),
            loss("symmetric=true"),
            loss("directions=[query-to-document, document-to-query]"),
            loss("hardness=all-negatives", "hardness-strength=5"),
            loss("hardness=hard-negatives", "hardness-strength=5"),
            loss("matryoshka-dims=[384, 64]"),
            loss("matryoshka-dims=[384, 64]", "matryoshka-weights=[1, 2]"),
            loss("matryoshka-dims=[384, 64]", "matryoshka-reduction=mean"),
            loss("loss=cosent"),
            loss("loss=cosent", "scale=5"),
            loss("loss=triplet"),
            loss("loss=triplet", "distance=cosine"),
            loss("loss=triplet", "margin=1"),
            loss("mask-false-negatives=false"));
    assertThat(losses.stream().map(TrainingLoss::settings).distinct()).hasSize(losses.size());
    assertThat(new GradientCache(512, 8, 0).settings())
        .as("memory changes no result")
        .isEqualTo(new GradientCache(512, 8, 99).settings())
        .isNotEqualTo(new OneGraph(512).settings());
  }

  @Test
  void dimsAboveTheModelsAreAnError() {
    assertThatThrownBy(() -> ChosenLoss.checkDims(train("matryoshka-dims=[768, 384]").loss(), unit))
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining("matryoshka-dims is [768, 384]")
        .hasMessageContaining("have 384 dimensions");
    ChosenLoss.checkDims(train("matryoshka-dims=[384, 128]").loss(), unit);
    ChosenLoss.checkDims(train("matryoshka-dims=[128]").loss(), unit);
  }
}
