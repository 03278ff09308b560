package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.error.HoneException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which parameters are trained, and at which multiple of the learning rate. */
class ParameterRatesTest {
  private static final String EMBEDDINGS = "embeddings.word_embeddings.weight";
  private static final String DENSE = "sentence.1.linear.weight";
  private static final List<String> BERT =
      List.of(
          EMBEDDINGS,
          "encoder.layer.0.output.dense.weight",
          "encoder.layer.1.output.dense.weight",
          "encoder.layer.2.output.dense.bias",
          "encoder.layer.2.output.dense.weight",
          DENSE);

  private static SortedMap<String, Double> factors(
      double decay, Map<String, Double> rates, String... frozen) {
    return new ParameterRates(decay, new TreeMap<>(rates), List.of(frozen)).factors(BERT, 1e-4);
  }

  @Test
  void everythingLearnsAlikeUnlessToldOtherwise() {
    assertThat(ParameterRates.ALL_ALIKE.factors(BERT, 1e-4).keySet())
        .containsExactlyElementsOf(BERT);
    assertThat(ParameterRates.ALL_ALIKE.factors(BERT, 1e-4).values()).containsOnly(1.0);
  }

  @Test
  void eachLayerLearnsSlowerThanTheOneAboveIt() {
    assertThat(factors(0.5, Map.of()))
        .containsEntry(EMBEDDINGS, 0.125)
        .containsEntry("encoder.layer.0.output.dense.weight", 0.25)
        .containsEntry("encoder.layer.1.output.dense.weight", 0.5)
        .containsEntry("encoder.layer.2.output.dense.weight", 1.0)
        .containsEntry(DENSE, 1.0);
  }

  @Test
  void layersAreKnownInEveryArchitecture() {
    List<String> others =
        List.of(
            "layers.0.attn.Wqkv.weight", // ModernBERT
            "layers.1.attn.Wqkv.weight",
            "final_norm.weight");
    assertThat(new ParameterRates(0.5, new TreeMap<>(), List.of()).factors(others, 1).values())
        .containsExactly(1.0, 0.5, 1.0);
    List<String> shared =
        List.of(
            "encoder.layer.0.attention.attn.q.weight", // MPNet
            "encoder.layer.1.attention.attn.q.weight",
            "encoder.relative_attention_bias.weight");
    assertThat(new ParameterRates(0.5, new TreeMap<>(), List.of()).factors(shared, 1).values())
        .containsExactly(0.5, 1.0, 0.25);
  }

  @Test
  void namedRateStandsForItselfWhateverTheDecay() {
    assertThat(factors(0.5, Map.of("embeddings", 1e-5, "1", 2e-4)))
        .containsEntry(EMBEDDINGS, 1e-5 / 1e-4)
        .containsEntry("encoder.layer.0.output.dense.weight", 0.25)
        .containsEntry("encoder.layer.1.output.dense.weight", 2.0);
  }

  @Test
  void longestOfSeveralPatternsCounts() {
    assertThat(factors(1, Map.of("encoder", 1e-5, "encoder.layer.*.output.dense.bias", 3e-4)))
        .containsEntry("encoder.layer.2.output.dense.bias", 3e-4 / 1e-4)
        .containsEntry("encoder.layer.2.output.dense.weight", 1e-5 / 1e-4)
        .containsEntry(DENSE, 1.0);
  }

  @Test
  void layersAndNamesAreFrozen() {
    assertThat(factors(1, Map.of(), "embeddings", "0-1").keySet())
        .containsExactly(
            "encoder.layer.2.output.dense.bias", "encoder.layer.2.output.dense.weight", DENSE);
    assertThat(factors(1, Map.of(), "*.bias", "2").keySet())
        .containsExactly(
            EMBEDDINGS,
            "encoder.layer.0.output.dense.weight",
            "encoder.layer.1.output.dense.weight",
            DENSE);
  }

  @Test
  void partOfANameIsNoName() {
    assertThatThrownBy(() -> factors(1, Map.of(), "embed"))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("train.freeze names \"embed\"")
        .hasMessageContaining(EMBEDDINGS);
  }

  @Test
  void layerThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> factors(1, Map.of("7", 1e-5)))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("train.learning-rates names \"7\"");
  }

  @Test
  void somethingHasToBeTrained() {
    assertThatThrownBy(() -> factors(1, Map.of(), "*"))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("leaves no parameter of the model to train");
  }
}
