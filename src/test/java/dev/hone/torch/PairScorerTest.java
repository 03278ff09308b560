package dev.hone.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.model.CrossEncoderFolder;
import dev.hone.model.MadeCrossEncoder;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.PairTokenizer;
import dev.hone.text.TextPair;
import dev.hone.text.TokenizedPair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cross-encoder over real text: a real encoder below, a head of random weights on top. */
class PairScorerTest {
  private static final int MAX_LENGTH = 48;
  private static final int LAYERS = 6;
  private static final int HEADS = 12;

  @TempDir static Path folder;
  private static LocalCache cache;
  private static ModelFolder encoder;
  private static CrossEncoderFolder model;
  private static PairScorer scorer;

  @BeforeAll
  static void load() throws Exception {
    cache = LocalCache.at(folder.resolve("cache"));
    encoder = ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration());
    model = made("identity", "torch.nn.modules.linear.Identity");
    scorer = PairScorer.open(model, 2, Precision.FP32, cache);
  }

  @AfterAll
  static void close() {
    scorer.close();
  }

  private static CrossEncoderFolder made(String name, String activation) throws Exception {
    return CrossEncoderFolder.open(
        MadeCrossEncoder.write(
            folder.resolve(name), encoder, MAX_LENGTH, 5, MadeCrossEncoder.activation(activation)));
  }

  /** Lemmas with glosses of all lengths, and a few pairs of two long texts. */
  private static List<TextPair> pairs(int count) {
    List<String> lemmas = WordNetTexts.lemmas(count);
    List<String> glosses = WordNetTexts.ofAllLengths(count);
    List<TextPair> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String query = i % 5 == 4 ? glosses.get(count - 1 - i / 5) : lemmas.get(i);
      pairs.add(new TextPair(query, glosses.get((i * 7) % count)));
    }
    return pairs;
  }

  @Test
  void scoresEqualThoseOfAFloat64Computation() {
    List<TextPair> pairs = pairs(10);
    List<TokenizedPair> tokens;
    try (PairTokenizer tokenizer = PairTokenizer.open(model.tokenizerJson(), MAX_LENGTH)) {
      tokens = tokenizer.tokenize(pairs);
    }
    assertThat(tokens).anyMatch(TokenizedPair::truncated).anyMatch(pair -> !pair.truncated());

    ScoredPairs scored = scorer.score(pairs);
    BertInFloat64 expected = new BertInFloat64(model.weights(), LAYERS, HEADS);
    for (int i = 0; i < pairs.size(); i++) {
      assertThat((double) scored.scores()[i])
          .as("%s", pairs.get(i))
          .isCloseTo(expected.score(tokens.get(i).ids(), tokens.get(i).types()), within(1e-5));
      assertThat(scored.truncated()[i]).isEqualTo(tokens.get(i).truncated());
    }
  }

  @Test
  void whichTextATokenBelongsToCounts() {
    BertInFloat64 expected = new BertInFloat64(model.weights(), LAYERS, HEADS);
    TokenizedPair pair;
    try (PairTokenizer tokenizer = PairTokenizer.open(model.tokenizerJson(), MAX_LENGTH)) {
      pair = tokenizer.tokenize(pairs(1)).get(0);
    }
    assertThat(pair.types()).contains(0, 1);
    assertThat(expected.score(pair.ids(), new long[pair.ids().length]))
        .isNotCloseTo(expected.score(pair.ids(), pair.types()), within(1e-3));
  }

  @Test
  void pairsScoreHasTheSameBitsInAnyBatch() {
    List<TextPair> pairs = pairs(90);
    float[] together = scorer.score(pairs).scores();
    assertThat(scorer.score(pairs.subList(0, 33)).scores()).isEqualTo(Arrays.copyOf(together, 33));
    for (int i = 0; i < pairs.size(); i++) {
      assertThat(scorer.score(pairs.subList(i, i + 1)).scores()[0])
          .as("%s", pairs.get(i))
          .isEqualTo(together[i]);
    }
  }

  @Test
  void sigmoidIsAppliedWhereTheFolderAsksForIt() throws Exception {
    List<TextPair> pairs = pairs(20);
    float[] numbers = scorer.score(pairs).scores();
    try (PairScorer sigmoid =
        PairScorer.open(
            made("sigmoid", "torch.nn.modules.activation.Sigmoid"), 2, Precision.FP32, cache)) {
      float[] scores = sigmoid.score(pairs).scores();
      for (int i = 0; i < pairs.size(); i++) {
        assertThat((double) scores[i])
            .isBetween(0.0, 1.0)
            .isCloseTo(1 / (1 + Math.exp(-numbers[i])), within(1e-6));
      }
    }
  }

  @Test
  void noPairsHaveNoScores() {
    assertThat(scorer.score(List.of()).scores()).isEmpty();
  }
}
