package dev.hone.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelFolderWriter;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.LengthBuckets;
import dev.hone.text.TextRole;
import dev.hone.text.TokenBatch;
import dev.hone.text.TokenizedText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
    LocalCache cache = LocalCache.at(folder.resolve("cache"));
    model = ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration());
    encoder = Encoder.open(model, 2, cache);
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void vectorsEqualOnnxRuntimeOnTheOriginalGraph() throws Exception {
    List<String> texts = WordNetTexts.ofAllLengths(1000);
    List<TokenizedText> tokens = encoder.tokenize(texts, TextRole.DOCUMENT);
    assertThat(tokens.stream().mapToInt(text -> text.ids().length).min().orElseThrow())
        .isLessThan(5);
    assertThat(tokens.stream().mapToInt(text -> text.ids().length).max()).hasValue(256);

    float[][] ours = encoder.encode(texts, TextRole.DOCUMENT).vectors();
    float[][] theirs = onnxRuntime(tokens);

    double lowest = 1;
    for (int i = 0; i < ours.length; i++) {
      lowest = Math.min(lowest, cosine(ours[i], theirs[i]));
    }
    assertThat(lowest).isGreaterThanOrEqualTo(0.99999);
  }

  @Test
  void tokenIdsEqualTheReferenceTokenizerWithoutPadding() throws Exception {
    List<String> texts = new ArrayList<>(WordNetTexts.ofAllLengths(300));
    texts.addAll(List.of("Ünïcödé  naïve", "日本語 text", "emoji 🙂 !", "a", "don't-stop…", "\tx\n"));
    try (HuggingFaceTokenizer reference =
        HuggingFaceTokenizer.newInstance(
            model.path().resolve("tokenizer.json"),
            Map.of("truncation", "true", "maxLength", "256", "padding", "false"))) {
      List<TokenizedText> tokens = encoder.tokenize(texts, TextRole.DOCUMENT);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(tokens.get(i).ids())
            .as(texts.get(i))
            .isEqualTo(reference.encode(texts.get(i)).getIds());
      }
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
    LocalCache cache = LocalCache.at(folder.resolve("cache"));
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

  private static float[][] onnxRuntime(List<TokenizedText> tokens) throws Exception {
    byte[] graph;
    try (var stream =
        EncoderTest.class.getClassLoader().getResourceAsStream("all-minilm-l6-v2.onnx")) {
      graph = stream.readAllBytes();
    }
    float[][] vectors = new float[tokens.size()][];
    try (OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession session = environment.createSession(graph)) {
      for (int[] positions : LengthBuckets.plan(tokens, 4096)) {
        TokenBatch batch = TokenBatch.of(Arrays.stream(positions).mapToObj(tokens::get).toList());
        float[][][] hidden = hidden(environment, session, batch);
        for (int row = 0; row < positions.length; row++) {
          vectors[positions[row]] = meanOf(hidden[row], tokens.get(positions[row]).ids().length);
        }
      }
    }
    return vectors;
  }

  private static float[][][] hidden(
      OrtEnvironment environment, OrtSession session, TokenBatch batch) throws Exception {
    long[][] ids = rows(batch.ids(), batch);
    long[][] mask = rows(batch.mask(), batch);
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask);
        OnnxTensor typeTensor =
            OnnxTensor.createTensor(environment, new long[batch.rows()][batch.tokens()]);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", idTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", typeTensor))) {
      return (float[][][]) result.get(0).getValue();
    }
  }

  private static long[][] rows(long[] flat, TokenBatch batch) {
    long[][] rows = new long[batch.rows()][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(flat, row * batch.tokens(), (row + 1) * batch.tokens());
    }
    return rows;
  }

  private static float[] meanOf(float[][] hidden, int tokens) {
    float[] mean = new float[hidden[0].length];
    for (int token = 0; token < tokens; token++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += hidden[token][i] / tokens;
      }
    }
    return mean;
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      lengthA += (double) a[i] * a[i];
      lengthB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(lengthA * lengthB);
  }
}
