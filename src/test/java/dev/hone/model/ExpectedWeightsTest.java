package dev.hone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An architecture's weights among a checkpoint's tensors. */
class ExpectedWeightsTest {
  private static final ExpectedWeights EXPECTED =
      new ExpectedWeights(
          new TreeMap<>(
              Map.of(
                  "dense.weight", new long[] {2, 3},
                  "LayerNorm.bias", new long[] {3},
                  "LayerNorm.weight", new long[] {3})),
          List.of("bert.", "model."));

  @TempDir Path folder;

  @Test
  void prefixAndOlderNamesAreDropped() throws IOException {
    sound("bert.")
        .floats("cls.predictions.bias", new long[] {1}, Float.NaN)
        .write(folder.resolve("model.safetensors"));

    var weights = EXPECTED.from(WeightFiles.in(folder));

    assertThat(weights).containsOnlyKeys("dense.weight", "LayerNorm.bias", "LayerNorm.weight");
    assertThat(weights.get("LayerNorm.bias").values()).containsExactly(7f, 8f, 9f);
    assertThat(weights.get("LayerNorm.weight").values()).containsExactly(4f, 5f, 6f);
  }

  @Test
  void missingTensorIsNamedWithWhatIsThere() throws IOException {
    sound("other.").write(folder.resolve("model.safetensors"));
    refused(
        "model.safetensors: tensor LayerNorm.bias of shape [3] is missing",
        "found 3 others, such as other.LayerNorm.beta",
        "and 2 more of 3 tensors");
  }

  @Test
  void otherShapeIsNamedWithBoth() throws IOException {
    new MadeWeights()
        .floats("model.dense.weight", new long[] {3, 2}, 1, 2, 3, 4, 5, 6)
        .floats("LayerNorm.weight", new long[] {3}, 4, 5, 6)
        .floats("LayerNorm.bias", new long[] {3}, 7, 8, 9)
        .write(folder.resolve("model.safetensors"));
    refused(
        "model.safetensors: tensor model.dense.weight should have the shape [2, 3], found [3, 2].",
        "config.json");
  }

  @Test
  void whatIsNotFiniteIsNamedByItsPosition() throws IOException {
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      new MadeWeights()
          .floats("dense.weight", new long[] {2, 3}, 1, 2, 3, 4, bad, bad)
          .floats("LayerNorm.weight", new long[] {3}, 4, 5, 6)
          .floats("LayerNorm.bias", new long[] {3}, 7, 8, 9)
          .write(folder.resolve("model.safetensors"));
      refused(
          "model.safetensors: tensor dense.weight should hold finite numbers",
          "found " + bad + " at position [1, 1], and 2 such values");
    }
  }

  private static MadeWeights sound(String prefix) {
    return new MadeWeights()
        .floats(prefix + "dense.weight", new long[] {2, 3}, 1, 2, 3, 4, 5, 6)
        .floats(prefix + "LayerNorm.gamma", new long[] {3}, 4, 5, 6)
        .floats(prefix + "LayerNorm.beta", new long[] {3}, 7, 8, 9);
  }

  private void refused(String... parts) {
    assertThatThrownBy(() -> EXPECTED.from(WeightFiles.in(folder)))
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContainingAll(parts);
  }
}
