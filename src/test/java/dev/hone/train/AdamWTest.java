package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.hone.store.LocalCache;
import dev.hone.torch.GradientScope;
import dev.hone.torch.TorchOptimizer;
import dev.hone.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The optimizer against numbers that PyTorch 2.13.0 printed: torch.optim.AdamW and
 * torch.nn.utils.clip_grad_norm_ in float32, one thread (src/test/python/metrics/write_golden.py
 * prints such numbers anew).
 */
class AdamWTest {
  private static final float[] WEIGHT_START = {0.5f, -1.25f, 2f, 1e-3f};
  private static final float[] BIAS_START = {0.1f, -0.2f};
  private static final float[][] WEIGHT_GRADIENTS = {
    {1e-4f, -2f, .3f, 0f}, {.5f, 1f, -.3f, 1e-9f}, {-.25f, .125f, .7f, 3f}
  };
  private static final float[][] BIAS_GRADIENTS = {{1f, -1e-6f}, {0f, 2f}, {.5f, -.5f}};
  private static final double CLOSE = 5e-7; // four steps of fp32 near 1
  private static final double[] RATES = {0.1, 0.05, 0.01};
  private static final double[][] WEIGHTS = {
    {0.3995100259780884, -1.1487499475479126, 1.8980000019073486, 0.000999000039882958},
    {0.36209672689437866, -1.1348587274551392, 1.8996825218200684, -0.0014592462684959173},
    {0.359773188829422, -1.1330465078353882, 1.894239068031311, -0.007847236469388008}
  };
  private static final double[][] BIASES = {
    {1.4901161193847656e-08, -0.10099010914564133},
    {-0.03350290283560753, -0.1381969302892685},
    {-0.04099386930465698, -0.1422271430492401}
  };

  @TempDir Path folder;

  @Test
  void threeUpdatesEqualPyTorchs() {
    assertUpdates(Map.of("dense.weight", 1.0, "dense.bias", 1.0), WEIGHTS, BIASES);
  }

  @Test
  void eachParameterLearnsAtItsOwnMultipleOfTheRate() {
    assertUpdates(
        Map.of("dense.weight", 0.25, "dense.bias", 3.0),
        inFloat64(WEIGHT_START, WEIGHT_GRADIENTS, 0.25, 0.01),
        inFloat64(BIAS_START, BIAS_GRADIENTS, 3, 0));
  }

  @Test
  void float64ReferenceAgreesWithPyTorch() {
    assertThat(inFloat64(WEIGHT_START, WEIGHT_GRADIENTS, 1, 0.01)[2])
        .containsExactly(WEIGHTS[2], within(CLOSE));
    assertThat(inFloat64(BIAS_START, BIAS_GRADIENTS, 1, 0)[2])
        .containsExactly(BIASES[2], within(CLOSE));
  }

  @Test
  void parameterWithoutFactorStaysAsItIs() {
    double[] start = {WEIGHT_START[0], WEIGHT_START[1], WEIGHT_START[2], WEIGHT_START[3]};
    assertUpdates(Map.of("dense.bias", 1.0), new double[][] {start, start, start}, BIASES);
  }

  private void assertUpdates(
      Map<String, Double> factors, double[][] expectedWeights, double[][] expectedBiases) {
    TorchRuntime.start(2);
    try (TorchOptimizer operations = TorchOptimizer.open(LocalCache.at(folder.resolve("c")));
        NDManager scope = TorchRuntime.scope()) {
      NDArray weight = scope.create(WEIGHT_START);
      NDArray bias = scope.create(BIAS_START);
      weight.setRequiresGradient(true);
      bias.setRequiresGradient(true);
      AdamW optimizer =
          new AdamW(
              operations,
              new TreeMap<>(Map.of("dense.weight", weight, "dense.bias", bias)),
              new TreeMap<>(factors),
              0.01,
              OptimizerState.NONE,
              scope);
      for (int update = 0; update < RATES.length; update++) {
        setGradient(scope, weight, WEIGHT_GRADIENTS[update]);
        setGradient(scope, bias, BIAS_GRADIENTS[update]);
        optimizer.update(RATES[update]);
        optimizer.clearGradients();
        assertEqual(weight, expectedWeights[update]);
        assertEqual(bias, expectedBiases[update]);
      }
    }
  }

  /** theta *= 1 - lr * decay, then theta -= lr * m^ / (sqrt(v^) + 1e-8), after each update. */
  private static double[][] inFloat64(
      float[] start, float[][] gradients, double factor, double decay) {
    double[][] after = new double[RATES.length][start.length];
    for (int i = 0; i < start.length; i++) {
      double theta = start[i];
      double first = 0;
      double second = 0;
      for (int update = 0; update < RATES.length; update++) {
        double gradient = gradients[update][i];
        double rate = RATES[update] * factor;
        first = 0.9 * first + 0.1 * gradient;
        second = 0.999 * second + 0.001 * gradient * gradient;
        double firstUnbiased = first / (1 - Math.pow(0.9, update + 1));
        double secondUnbiased = second / (1 - Math.pow(0.999, update + 1));
        theta *= 1 - rate * decay;
        theta -= rate * firstUnbiased / (Math.sqrt(secondUnbiased) + 1e-8);
        after[update][i] = theta;
      }
    }
    return after;
  }

  @Test
  void clippingScalesToTheNormAsPyTorchDoes() {
    TorchRuntime.start(2);
    try (TorchOptimizer operations = TorchOptimizer.open(LocalCache.at(folder.resolve("c")));
        NDManager scope = TorchRuntime.scope()) {
      NDArray first = scope.create(new float[] {3f, -4f, 12f});
      NDArray second = scope.create(new float[] {.5f, -84f});
      List<NDArray> gradients = List.of(first, second);
      double norm = operations.norm(gradients);
      assertThat(norm).isCloseTo(85.00147247314453, within(1e-5));
      operations.scale(gradients, Math.min(1, 1 / (norm + 1e-6)));
      assertEqual(
          first, new double[] {0.03529350459575653, -0.04705800861120224, 0.14117401838302612});
      assertEqual(second, new double[] {0.00588225107640028, -0.9882181882858276});
    }
  }

  @Test
  void biasesAndNormsDoNotDecay() {
    assertThat(AdamW.decays("embeddings.word_embeddings.weight")).isTrue();
    assertThat(AdamW.decays("encoder.layer.0.attention.self.query.weight")).isTrue();
    assertThat(AdamW.decays("encoder.layer.0.attention.self.query.bias")).isFalse();
    assertThat(AdamW.decays("encoder.layer.0.output.LayerNorm.weight")).isFalse();
  }

  private static void setGradient(NDManager scope, NDArray parameter, float[] gradient) {
    try (GradientScope gradients = GradientScope.open()) {
      gradients.backward(parameter.mul(scope.create(gradient)).sum());
    }
  }

  private static void assertEqual(NDArray actual, double[] expected) {
    float[] values = actual.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i]).isCloseTo(expected[i], within(CLOSE));
    }
  }
}
