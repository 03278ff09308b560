package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.text.TokenizedText;
import dev.hone.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What libtorch says when memory does not suffice is told from other failures. */
class OutOfMemoryTest {
  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    TorchRuntime.start(1);
  }

  /** More than the 2^47 bytes that a process can address. */
  private static EngineException refused() {
    try (NDManager scope = TorchRuntime.scope()) {
      return catchThrowableOfType(
          EngineException.class, () -> scope.zeros(new Shape(1L << 24, 1L << 23)));
    }
  }

  @Test
  void allocatorsRefusalIsKnown() {
    assertThat(TorchRuntime.isOutOfMemory(refused())).isTrue();
  }

  @Test
  void otherFailuresOfLibtorchAreOthers() {
    try (NDManager scope = TorchRuntime.scope()) {
      EngineException shapes =
          catchThrowableOfType(
              EngineException.class,
              () -> scope.ones(new Shape(2, 3)).matMul(scope.ones(new Shape(2, 3))));
      assertThat(shapes).isNotNull();
      assertThat(TorchRuntime.isOutOfMemory(shapes)).isFalse();
    }
    assertThat(TorchRuntime.isOutOfMemory(new IllegalStateException("out of memory"))).isFalse();
  }

  @Test
  void messageNamesTheLargestChunkAndWhatToTurn() {
    List<TokenizedText> tokens = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      tokens.add(new TokenizedText(new long[i < 4 ? 20 : 9], false, 0));
    }
    HoneException failure =
        BatchGradients.outOfMemory(
            tokens,
            SmallTraining.in(folder).options().of("wordnet"),
            SmallTraining.BATCH,
            refused());
    assertThat(failure.code()).isEqualTo(ErrorCode.CLUSTER);
    assertThat(failure.code().exitCode()).isEqualTo(4);
    assertThat(failure.getCause()).isInstanceOf(EngineException.class);
    assertThat(failure)
        .hasMessageContaining("a batch of up to 4 rows, which are 6 texts")
        .hasMessageContaining("up to 4 texts x 24 tokens")
        .hasMessageContaining("Lower train.batch-size (train.accumulation")
        .hasMessageContaining("train.max-length (32 tokens)");
  }

  private HoneException ended(RuntimeException failure) {
    SmallTraining training = SmallTraining.in(folder);
    return catchThrowableOfType(
        HoneException.class,
        () ->
            Training.run(
                TrainingStart.at(training.base()),
                SmallTraining.batches(0, 1),
                training.options(),
                (update, all) -> {},
                (done, now) -> {
                  throw failure;
                },
                now -> null));
  }

  @Test
  void whereNoBatchIsToBlameTheMessageSaysSo() {
    HoneException failure = ended(refused());
    assertThat(failure.code()).isEqualTo(ErrorCode.CLUSTER);
    assertThat(failure)
        .hasMessageContaining("weights, their gradients and the optimizer's two moments");
    HoneException known = new HoneException(ErrorCode.CLUSTER, "a batch", refused());
    assertThat(ended(known)).isSameAs(known);
  }
}
