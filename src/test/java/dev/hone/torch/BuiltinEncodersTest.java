package dev.hone.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.model.ModelFolder;
import dev.hone.model.ModelSource;
import dev.hone.model.Pooling;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;
import dev.hone.text.TextRole;
import dev.hone.text.TokenizedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each model that comes with Hone gives the vectors that its authors' graph, tokenizer, pooling and
 * prompts give, and in bf16 nearly so. The texts are documents of public data sets where {@code
 * HONE_DATA} holds them, else WordNet's.
 */
@ParameterizedClass
@EnumSource(PublishedModel.class)
class BuiltinEncodersTest {
  private static final int TEXTS = 300;

  /** Where the processor has no instructions for bf16, it is many times slower than fp32. */
  private static final int FEW_TEXTS = 50;

  private static final int THREADS = 2;

  @TempDir static Path folder;
  private static OnnxReference reference;
  private static Encoder fp32;
  private static Encoder bf16;

  @Parameter PublishedModel model;

  @BeforeParameterizedClassInvocation
  static void open(PublishedModel model) throws Exception {
    LocalCache cache = LocalCache.at(folder.resolve(model.name()));
    ModelFolder builtin = ModelSource.resolve(model.id(), cache, new Configuration());
    reference = OnnxReference.open(model);
    fp32 = Encoder.open(builtin, THREADS, cache);
    bf16 =
        Encoder.open(
            builtin,
            new Prompts(builtin.queryPrompt(), builtin.documentPrompt()),
            EncoderOptions.inference(THREADS, builtin.maxLength(), Precision.BF16, cache));
  }

  @AfterParameterizedClassInvocation
  static void close() throws Exception {
    reference.close();
    fp32.close();
    bf16.close();
  }

  static Stream<Named<List<String>>> samples() throws Exception {
    String data = System.getenv("HONE_DATA");
    return data == null || data.isEmpty()
        ? Stream.of(Named.of("WordNet", wordNet()))
        : Stream.of(
            Named.of("SciFact", DataSetTexts.sciFact(Path.of(data), TEXTS)),
            Named.of("MedQuAD", DataSetTexts.medQuad(Path.of(data), TEXTS)));
  }

  /** Mostly short, as encoding them is to take seconds; the others are of all lengths. */
  private static List<String> wordNet() {
    List<String> texts = new ArrayList<>(WordNetTexts.ofAllLengths(30));
    texts.addAll(WordNetTexts.glosses(TEXTS).subList(30, TEXTS));
    Collections.shuffle(texts, new Random(42));
    return texts;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void fp32VectorsAreThoseOfOnnxRuntime(List<String> texts, TestInfo info, TestReporter reporter)
      throws Exception {
    Agreement agreement =
        Agreement.between(
            fp32.encode(texts, TextRole.DOCUMENT).vectors(),
            reference.vectors(texts, TextRole.DOCUMENT));

    report(agreement, "fp32", info, reporter);
    check(agreement, 0.99999);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void bf16VectorsAreCloseToThem(List<String> all, TestInfo info, TestReporter reporter)
      throws Exception {
    List<String> texts = all.subList(0, hasBf16() ? TEXTS : FEW_TEXTS);

    Agreement agreement =
        Agreement.between(
            bf16.encode(texts, TextRole.DOCUMENT).vectors(),
            reference.vectors(texts, TextRole.DOCUMENT));

    report(agreement, "bf16", info, reporter);
    check(agreement, model.layers() == 6 ? 0.9998 : 0.999);
  }

  /** Leaves the numbers in a file of the build folder. */
  private void report(Agreement agreement, String precision, TestInfo info, TestReporter reporter) {
    String line = "%s %s %s: %s%n".formatted(model, precision, info.getDisplayName(), agreement);
    reporter.publishFile(
        "agreement.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, line));
  }

  private static void check(Agreement agreement, double leastCosine) {
    SoftAssertions.assertSoftly(
        softly -> {
          softly.assertThat(agreement.lowest()).as("cosine").isGreaterThanOrEqualTo(leastCosine);
          softly
              .assertThat(agreement.lowestCentred())
              .as("cosine of centred vectors")
              .isGreaterThanOrEqualTo(0.999);
          softly
              .assertThat(agreement.overlap())
              .as("overlap of the nearest ten")
              .isGreaterThanOrEqualTo(0.97);
        });
  }

  /** As the kernel writes it: avx512_bf16 and amx_bf16, on ARM bf16. */
  private static boolean hasBf16() throws IOException {
    return Files.readString(Path.of("/proc/cpuinfo")).contains("bf16");
  }

  @ParameterizedTest
  @EnumSource(TextRole.class)
  void promptAndPoolingAreThosePublished(TextRole role) throws Exception {
    List<String> texts = WordNetTexts.glosses(12);

    Agreement agreement =
        Agreement.between(fp32.encode(texts, role).vectors(), reference.vectors(texts, role));

    assertThat(agreement.lowest()).isGreaterThanOrEqualTo(0.99999);
  }

  @Test
  void tokenIdsAreThoseOfTheOriginalTokenizerCutAtTheModelsLengthAndNotPadded() {
    List<String> texts = withALongOne(WordNetTexts.ofAllLengths(100));
    texts.addAll(List.of("Ünïcödé  naïve", "日本語 text", "emoji 🙂 !", "a", "don't-stop…", "\tx\n"));
    for (TextRole role : TextRole.values()) {
      List<TokenizedText> tokens = fp32.tokenize(texts, role);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(tokens.get(i).ids())
            .as(texts.get(i))
            .isEqualTo(reference.ids(texts.get(i), role));
      }
      assertThat(tokens.stream().mapToInt(text -> text.ids().length).max())
          .hasValue(model.maxLength());
    }
  }

  @Test
  void statesHaveOneRowPerTokenAndAreThoseOfTheGraph() throws Exception {
    List<String> texts = withALongOne(WordNetTexts.ofAllLengths(4));
    List<TokenizedText> tokens = fp32.tokenize(texts, TextRole.QUERY);

    float[][][] states = fp32.states(texts, TextRole.QUERY);

    float[][][] expected = reference.states(texts, TextRole.QUERY);
    float[][] vectors = fp32.encode(texts, TextRole.QUERY).vectors();
    for (int text = 0; text < texts.size(); text++) {
      assertThat(states[text].length).isEqualTo(tokens.get(text).ids().length);
      for (int token = 0; token < states[text].length; token++) {
        assertThat(states[text][token])
            .as("token %d of: %s", token, texts.get(text))
            .hasSize(384)
            .containsExactly(expected[text][token], within(1e-4f));
      }
      float[] pooled =
          model.pooling() == Pooling.CLS ? states[text][0] : Agreement.mean(states[text]);
      assertThat(Agreement.units(new float[][] {pooled})[0])
          .containsExactly(vectors[text], within(1e-6f));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void textsVectorHasTheSameBitsInAnyBatch(Precision precision) {
    Encoder encoder = precision == Precision.FP32 ? fp32 : bf16;
    List<String> texts = new ArrayList<>(WordNetTexts.lemmas(4));
    texts.addAll(WordNetTexts.glosses(10));
    texts.addAll(withALongOne(WordNetTexts.ofAllLengths(5)));
    float[][] together = encoder.encode(texts, TextRole.DOCUMENT).vectors();

    List<String> half = new ArrayList<>();
    for (int i = texts.size() - 1; i >= 0; i -= 2) {
      half.add(texts.get(i));
    }
    float[][] inHalf = encoder.encode(half, TextRole.DOCUMENT).vectors();

    for (int i = 0; i < half.size(); i++) {
      float[] expected = together[texts.size() - 1 - 2 * i];
      assertThat(inHalf[i]).as("among others: %s", half.get(i)).isEqualTo(expected);
      assertThat(encoder.encode(half.subList(i, i + 1), TextRole.DOCUMENT).vectors()[0])
          .as("alone: %s", half.get(i))
          .isEqualTo(expected);
    }
  }

  /** Adds a text that is cut at any model's length. */
  private static List<String> withALongOne(List<String> texts) {
    List<String> more = new ArrayList<>(texts);
    more.add(String.join(" ", WordNetTexts.glosses(100)));
    return more;
  }
}
