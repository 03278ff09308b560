package dev.hone.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.model.ModelReference;
import dev.hone.model.Precision;
import org.junit.jupiter.api.Test;

/** How work is divided among tasks, and processors among executors. */
class TextEncodingTest {
  private static EncoderSpec spec(int threads) {
    return new EncoderSpec(
        new ModelReference("model", "digest"),
        "cache",
        false,
        256,
        "",
        "",
        Precision.FP32,
        threads);
  }

  @Test
  void partitionsFollowFromTheNumberOfTextsAlone() {
    assertThat(TextEncoding.partitions(0)).isEqualTo(1);
    assertThat(TextEncoding.partitions(128)).isEqualTo(1);
    assertThat(TextEncoding.partitions(129)).isEqualTo(2);
    assertThat(TextEncoding.partitions(60_000)).isEqualTo(32);
    assertThat(TextEncoding.partitions(1_000_000)).isEqualTo(489);
  }

  @Test
  void executorsOfOneHostShareItsProcessors() {
    assertThat(spec(EncoderSpec.ALL_THREADS).threads(16, 1)).isEqualTo(16);
    assertThat(spec(EncoderSpec.ALL_THREADS).threads(16, 3)).isEqualTo(5);
    assertThat(spec(EncoderSpec.ALL_THREADS).threads(2, 4)).isEqualTo(1);
  }

  @Test
  void threadsAskedForAreNeverMoreThanTheShare() {
    assertThat(spec(2).threads(16, 4)).isEqualTo(2);
    assertThat(spec(8).threads(16, 4)).isEqualTo(4);
  }
}
