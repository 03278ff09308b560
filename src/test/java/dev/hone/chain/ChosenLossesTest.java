package dev.hone.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.config.RunConfig;
import dev.hone.loss.Distance;
import dev.hone.loss.OrderOptions;
import dev.hone.loss.RankingOptions;
import dev.hone.loss.TripletOptions;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelSource;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;
import dev.hone.train.DatasetTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which data set is trained with what, in batches of which size. */
class ChosenLossesTest {
  private static final String PAIRS = "{ name = law, type = pairs, source { format = json }, %s }";
  private static final String SCORED =
      "{ name = sts, type = scored, source { format = json }, %s }";

  @TempDir private static Path folder;
  private static ModelFolder base;

  private final Map<String, String> resolved = new TreeMap<>();

  @BeforeAll
  static void open() {
    LocalCache cache = LocalCache.at(folder.resolve("cache"));
    base = ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration(false));
  }

  private static RunConfig config(String datasets, String... sets) throws IOException {
    Path file = Files.createTempFile(folder, "run", ".conf");
    Files.writeString(file, "hone.datasets = [ " + datasets + " ]");
    return RunConfig.load(file, List.of(sets));
  }

  private SortedMap<String, DatasetTraining> trainings(String datasets, String... sets)
      throws IOException {
    return ChosenLosses.of(config(datasets, sets), 1000).over(base, resolved);
  }

  @Test
  void theTypeOfADataSetChoosesItsLoss() throws IOException {
    SortedMap<String, DatasetTraining> trainings =
        trainings(PAIRS.formatted("") + ", " + SCORED.formatted(""), "train.scale=15");

    assertThat(trainings.keySet()).containsExactly("law", "sts");
    assertThat(trainings.get("law").loss().objective()).isEqualTo(RankingOptions.plain(15));
    assertThat(trainings.get("sts").loss().objective()).isEqualTo(new OrderOptions(15));
    assertThat(resolved).containsEntry("train.loss", "law: mnrl, sts: cosent");
  }

  @Test
  void whatADataSetSaysIsItsOwn() throws IOException {
    String own =
        "loss = triplet, margin = 0.2, max-length = 64, prompts { query = \"ask: \" }, negatives-per-query = 3";
    SortedMap<String, DatasetTraining> trainings =
        trainings(
            PAIRS.formatted(own) + ", " + SCORED.formatted("scale = 5"),
            "prompts.document=\"passage: \"",
            "train.max-length=128");

    DatasetTraining law = trainings.get("law");
    assertThat(law.loss().objective()).isEqualTo(new TripletOptions(Distance.EUCLIDEAN, 0.2));
    assertThat(law.maxLength()).isEqualTo(64);
    assertThat(law.prompts()).isEqualTo(new Prompts("ask: ", "passage: "));
    DatasetTraining sts = trainings.get("sts");
    assertThat(sts.loss().objective()).isEqualTo(new OrderOptions(5));
    assertThat(sts.maxLength()).isEqualTo(128);
    assertThat(sts.prompts()).isEqualTo(new Prompts("", "passage: "));
    assertThat(resolved)
        .containsEntry("train.loss", "law: triplet, sts: cosent")
        .containsEntry("train.margin", "0.2");
  }

  @Test
  void oneLossIsNamedOnceAndDataSetsThatAreNotTrainedOnHaveNone() throws IOException {
    String other = "{ name = money, type = pairs, source { format = json } }";
    SortedMap<String, DatasetTraining> trainings =
        trainings(PAIRS.formatted("") + ", " + other + ", " + SCORED.formatted("train-on = false"));

    assertThat(trainings.keySet()).containsExactly("law", "money");
    assertThat(resolved).containsEntry("train.loss", "mnrl");
  }

  @Test
  void textsLongerThanTheModelsPositionsAreRefused() throws IOException {
    String pairs = PAIRS.formatted("max-length = 512");
    ChosenLosses.checkLengths(config(pairs, "train.max-length=512"), base);

    assertThatThrownBy(() -> ChosenLosses.checkLengths(config(pairs, "train.max-length=513"), base))
        .hasMessageContaining("train.max-length is 513")
        .hasMessageContaining("positions for 512 tokens");
    assertThatThrownBy(
            () -> ChosenLosses.checkLengths(config(PAIRS.formatted("max-length = 1000")), base))
        .hasMessageContaining("max-length of data set law is 1000");
  }

  @Test
  void batchesAreLargeOnlyWhereEachLossIsCached() throws IOException {
    String pairs = PAIRS.formatted("loss = cached-mnrl");

    assertThat(ChosenLosses.of(config(pairs), 200_000).batch(200_000, 1)).isEqualTo(1024);
    assertThat(
            ChosenLosses.of(config(pairs + ", " + SCORED.formatted("")), 200_000).batch(200_000, 1))
        .isEqualTo(128);
  }
}
