package dev.hone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.config.RunConfig;
import dev.hone.config.TrainConfig;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The trials of hard negatives on public data sets. */
class NegativesDataTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  @EnabledIfEnvironmentVariable(
      named = "HONE_DATA",
      matches = ".+",
      disabledReason = "the configurations name files below HONE_DATA")
  void armsDifferInNegativesAlone(NegativesData data) throws IOException {
    List<TrainConfig> training = new ArrayList<>();
    List<String> mining = new ArrayList<>();
    for (NegativesArm arm : data.arms()) {
      RunConfig config = config(data, 0, arm);
      training.add(config.train());
      mining.add(config.mine().toString());
    }

    assertThat(training).hasSizeGreaterThan(2).containsOnly(training.get(0));
    assertThat(mining).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  @EnabledIfEnvironmentVariable(
      named = "HONE_DATA",
      matches = ".+",
      disabledReason = "the configurations name files below HONE_DATA")
  void repetitionsDifferInFoldOrSeed(NegativesData data) throws IOException {
    List<String> repetitions = new ArrayList<>();
    for (int repetition = 0; repetition < data.repetitions(); repetition++) {
      RunConfig config = config(data, repetition, NegativesArm.PAIRS);
      repetitions.add(config.seed() + " " + config.datasets().get(0).split());
    }

    assertThat(repetitions).hasSizeGreaterThan(2).doesNotHaveDuplicates();
  }

  private RunConfig config(NegativesData data, int repetition, NegativesArm arm)
      throws IOException {
    Path file = Files.writeString(folder.resolve("trial.conf"), data.configuration(repetition));
    List<String> sets = new ArrayList<>(data.sets(repetition));
    sets.addAll(arm.sets());
    return RunConfig.load(file, sets);
  }

  @Test
  void onlyDataSetsThatAreThereAreTried() throws IOException {
    Files.createDirectory(folder.resolve("obliqa"));

    assertThat(NegativesData.below(folder.toString())).containsExactly(NegativesData.OBLIQA);
  }

  @Test
  void noDataSetAtAllIsAnErrorThatSaysWhatToSet() {
    assertThatThrownBy(() -> NegativesData.below(folder.toString()))
        .isInstanceOf(HoneException.class)
        .hasMessageContainingAll("HONE_DATA", folder.toString(), "scifact");
    assertThatThrownBy(() -> NegativesData.below(null))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("HONE_DATA is not set");
  }
}
