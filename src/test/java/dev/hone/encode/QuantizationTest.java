package dev.hone.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Vectors at rest. The int8 and binary numbers are what quantize_embeddings of
 * sentence-transformers 6.2.0 gives for the same values, the halves what numpy 2.4's astype gives.
 */
class QuantizationTest {
  private static final float[][] VECTORS = {
    {0.5f, -0.25f, 0.0f, 1e-3f, -1.0f, 0.125f, 0.3f, -0.3f, 0.7f},
    {0.1f, 0.2f, 0.0f, -1e-3f, 1.0f, -0.125f, 0.30001f, -0.29999f, 0.7f},
    {-0.5f, 0.7f, 0.0f, 0.5f, 0.3f, 0.0625f, 0.29f, -0.31f, 0.7f}
  };

  private static Ranges ranges() {
    Ranges ranges = Ranges.none(VECTORS[0].length);
    Arrays.stream(VECTORS).forEach(ranges::with);
    return ranges;
  }

  @Test
  void int8CountsStepsOfEachDimensionsRange() {
    byte[][] expected = {
      {126, -128, -128, -127, -128, 126, 126, 126, -128},
      {25, -8, -128, -128, 126, -128, 126, 126, -128},
      {-128, 127, -128, 127, 37, 63, -128, -128, -128}
    };
    for (int i = 0; i < VECTORS.length; i++) {
      assertThat(Quantization.steps(VECTORS[i], ranges())).isEqualTo(expected[i]);
    }
  }

  @Test
  void int8OfValuesOutsideTheRangesIsAtTheirEnds() {
    Ranges ranges = new Ranges(new float[] {-1, -1}, new float[] {1, 1});
    assertThat(Quantization.steps(new float[] {-1.5f, 1.5f}, ranges))
        .isEqualTo(new byte[] {-128, 127});
  }

  @Test
  void aStepStandsForItsMiddle() {
    Ranges ranges = new Ranges(new float[] {-1, 0, 0.7f}, new float[] {1.55f, 255, 0.7f});
    // By hand: -1 + (0 + 128 + .5) * 2.55 / 255, 0 + (-128 + 128 + .5) * 255 / 255; the third
    // dimension has one value.
    assertThat(Quantization.ofSteps(new byte[] {0, -128, -128}, ranges))
        .containsExactly(new float[] {0.285f, 0.5f, 0.7f}, within(1e-6f));
  }

  @Test
  void aVectorComesBackWithinHalfAStep() {
    for (float[] vector : VECTORS) {
      float[] back = Quantization.ofSteps(Quantization.steps(vector, ranges()), ranges());
      for (int i = 0; i < vector.length; i++) {
        double width = (ranges().maximum()[i] - ranges().minimum()[i]) / 255.0;
        assertThat((double) back[i]).isCloseTo(vector[i], within(0.5 * width + 1e-6));
      }
    }
  }

  @Test
  void bitsComeBackAsSigns() {
    assertThat(Quantization.signs(Quantization.bits(VECTORS[0]), 9))
        .containsExactly(1, -1, -1, 1, -1, 1, 1, -1, 1);
  }

  @Test
  void rangesAreLeastAndGreatestOfEachDimensionInAnyOrder() {
    Ranges first = Ranges.none(9).with(VECTORS[2]).with(VECTORS[0]);
    Ranges second = Ranges.none(9).with(VECTORS[1]);
    Ranges together = second.union(first);
    assertThat(together.minimum())
        .containsExactly(-0.5f, -0.25f, 0, -1e-3f, -1, -0.125f, 0.29f, -0.31f, 0.7f);
    assertThat(together.maximum())
        .containsExactly(0.5f, 0.7f, 0, 0.5f, 1, 0.125f, 0.30001f, -0.29999f, 0.7f);
    assertThat(VECTORS[1]).startsWith(0.1f, 0.2f);
  }

  @Test
  void rangesOfNoVectorAreEmpty() {
    assertThat(Ranges.none(3).json()).contains("\"minimum\" : [ ]", "\"maximum\" : [ ]");
  }

  @Test
  void binaryPacksWhatIsAboveZeroFirstDimensionHighest() {
    int[][] expected = {{150, 128}, {202, 128}, {94, 128}};
    for (int i = 0; i < VECTORS.length; i++) {
      byte[] bits = Quantization.bits(VECTORS[i]);
      assertThat(new int[] {bits[0] & 0xff, bits[1] & 0xff}).isEqualTo(expected[i]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 11878",
    "-2.5, 49408",
    "65504, 31743",
    "65519.996, 31743",
    "65520, 31744",
    "1e-8, 0",
    "2.9802322e-8, 0",
    "2.9802326e-8, 1",
    "6e-8, 1",
    "6.1e-5, 1023",
    "6.09755516e-5, 1023",
    "1.00048828125, 15360",
    "1.0009765625, 15361",
    "1.0014648, 15362",
    "-0.0, 32768",
    "Infinity, 31744",
    "0.33333334, 13653",
    "NaN, 32256"
  })
  void halfIsTheNearestWithTiesToEven(float value, int bits) {
    assertThat(Quantization.half(value) & 0xffff).isEqualTo(bits);
  }

  @Test
  void everyHalfStaysItself() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = valueOf(bits);
      if (!Float.isNaN(value)) {
        assertThat(Quantization.half(value) & 0xffff).isEqualTo(bits);
      }
    }
  }

  /** A half by its definition. */
  private static float valueOf(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double magnitude =
        switch (exponent) {
          case 0 -> Math.scalb((double) fraction, -24);
          case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> Math.scalb(1024.0 + fraction, exponent - 25);
        };
    return (float) (bits >> 15 == 0 ? magnitude : -magnitude);
  }

  @Test
  void halvesAreLittleEndian() {
    assertThat(Quantization.halves(new float[] {1, -2.5f}))
        .isEqualTo(new byte[] {0, 0x3c, 0, (byte) 0xc1});
  }

  @Test
  void shorterVectorIsTheFirstDimensionsAtLengthOne() {
    float[] kept = Quantization.normalized(Quantization.truncated(new float[] {3, 4, 12}, 2));
    assertThat(kept).containsExactly(0.6f, 0.8f);
    assertThat(Quantization.normalized(new float[] {0, 0})).containsExactly(0, 0);
    double length = 0;
    for (float value : Quantization.normalized(VECTORS[0])) {
      length += (double) value * value;
    }
    assertThat(length).isEqualTo(1, within(1e-6));
  }
}
