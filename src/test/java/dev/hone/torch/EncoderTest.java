package dev.hone.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelFolderWriter;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.store.SharedCache;
import dev.hone.text.TextRole;
import dev.hone.text.TokenBatch;
import dev.hone.text.TokenizedText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The encoder on the real model and real text. */
class EncoderTest {
  @TempDir static Path folder;
  private static ModelFolder model;
  private static Encoder encoder;

  @BeforeAll
  static void load() {
    LocalCache cache = SharedCache.open();
    model = ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration());
    encoder = Encoder.open(model, 2, cache);
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void vectorsEqualOnnxRuntimeOnTheOriginalGraph() throws Exception {
    List<String> texts = WordNetTexts.ofAllLengths(400);
    List<TokenizedText> tokens = encoder.tokenize(texts, TextRole.DOCUMENT);
    assertThat(tokens.stream().mapToInt(text -> text.ids().length).min().orElseThrow())
        .isLessThan(5);
    assertThat(tokens.stream().mapToInt(text -> text.ids().length).max()).hasValue(256);

    float[][] ours = encoder.encode(texts, TextRole.DOCUMENT).vectors();
    try (OnnxReference reference = OnnxReference.open(PublishedModel.MINILM)) {
      float[][] theirs = reference.vectors(texts, TextRole.DOCUMENT);
      assertThat(Agreement.between(ours, theirs).lowest()).isGreaterThanOrEqualTo(0.99999);
    }
  }

  @Test
  void textsVectorHasTheSameBitsInAnyBatch() {
    List<String> texts = new ArrayList<>(WordNetTexts.lemmas(20));
    texts.addAll(WordNetTexts.ofAllLengths(50));
    float[][] together = encoder.encode(texts, TextRole.DOCUMENT).vectors();
    float[][] firstHalf = encoder.encode(texts.subList(0, 30), TextRole.DOCUMENT).vectors();
    for (int i = 0; i < 30; i++) {
      assertThat(firstHalf[i]).as("%d: %s", i, texts.get(i)).isEqualTo(together[i]);
    }
    for (int i = 0; i < texts.size(); i += 3) {
      assertThat(encoder.encode(texts.subList(i, i + 1), TextRole.DOCUMENT).vectors()[0])
          .as(texts.get(i))
          .isEqualTo(together[i]);
    }
  }

  @Test
  void folderWrittenFromTheWeightsGivesTheSameVectors(@TempDir Path target) throws Exception {
    ModelFolderWriter.write(model, encoder.weights(), target);
    List<String> texts = WordNetTexts.glosses(20);
    try (Encoder copy =
        Encoder.open(ModelFolder.open(target), 2, LocalCache.at(folder.resolve("other")))) {
      assertThat(copy.encode(texts, TextRole.QUERY).vectors())
          .isDeepEqualTo(encoder.encode(texts, TextRole.QUERY).vectors());
    }
  }

  @Test
  void dropoutRepeatsWithItsSeedAndReachesEveryParameter() {
    LocalCache cache = SharedCache.open();
    EncoderOptions options = EncoderOptions.training(2, 256, Precision.FP32, 0.1, 0, cache);
    TokenBatch batch = TokenBatch.of(encoder.tokenize(WordNetTexts.glosses(8), TextRole.DOCUMENT));
    try (Encoder training = Encoder.open(model, dev.hone.text.Prompts.NONE, options);
        NDManager scope = training.scope()) {
      training.seed(7);
      float[] first = training.embed(batch, scope).toFloatArray();
      float[] other = training.embed(batch, scope).toFloatArray();
      training.seed(7);
      float[] again = training.embed(batch, scope).toFloatArray();
      assertThat(again).isEqualTo(first);
      assertThat(other).isNotEqualTo(first);

      try (GradientScope gradients = GradientScope.open()) {
        gradients.backward(
            training.embed(batch, scope).square().sum().add(training.embed(batch, scope).sum()));
      }
      training
          .parameters()
          .forEach(
              (name, parameter) -> {
                try (NDArray gradient = parameter.getGradient()) {
                  assertThat(gradient.isNaN().any().getBoolean()).as(name).isFalse();
                  assertThat(gradient.abs().sum().getFloat()).as(name).isPositive();
                }
              });
    }
  }
}
