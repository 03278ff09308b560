package dev.hone.torch;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.hone.model.Pooling;
import dev.hone.text.TextRole;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a published model makes of texts, found out without Hone: its graph runs in ONNX Runtime, in
 * fp32, over its own tokenizer, with the pooling and the prompts of its model card.
 */
final class OnnxReference implements AutoCloseable {
  private static final int BATCH = 8;

  private final PublishedModel model;
  private final HuggingFaceTokenizer tokenizer;
  private final OrtEnvironment environment;
  private final OrtSession session;

  private OnnxReference(
      PublishedModel model,
      HuggingFaceTokenizer tokenizer,
      OrtEnvironment environment,
      OrtSession session) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.environment = environment;
    this.session = session;
  }

  /** Loads a model's graph and tokenizer from the class path. */
  static OnnxReference open(PublishedModel model) throws IOException, OrtException {
    String name = model.id().substring("builtin:".length()).toLowerCase(Locale.ROOT);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (InputStream graph = resource(name + ".onnx");
        InputStream json = resource(name + "-tokenizer.json")) {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              json,
              Map.of(
                  "truncation",
                  "true",
                  "padding",
                  "true",
                  "maxLength",
                  String.valueOf(model.maxLength())));
      return new OnnxReference(
          model, tokenizer, environment, environment.createSession(graph.readAllBytes()));
    }
  }

  private static InputStream resource(String name) {
    return OnnxReference.class.getClassLoader().getResourceAsStream(name);
  }

  /** The ids of a text's tokens, without padding. */
  long[] ids(String text, TextRole role) {
    return tokenizer.encode(model.prompt(role) + text).getIds();
  }

  /**
   * The states of each text's tokens before any pooling, [tokens, hidden size], without padding.
   */
  float[][][] states(List<String> texts, TextRole role) throws OrtException {
    int[] order =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> texts.get(i).length()))
            .mapToInt(Integer::intValue)
            .toArray();
    float[][][] states = new float[texts.size()][][];
    for (int from = 0; from < order.length; from += BATCH) {
      int[] members = Arrays.copyOfRange(order, from, Math.min(from + BATCH, order.length));
      Encoding[] encoded =
          tokenizer.batchEncode(
              Arrays.stream(members).mapToObj(i -> model.prompt(role) + texts.get(i)).toList());
      float[][][] padded = run(encoded);
      for (int row = 0; row < members.length; row++) {
        int tokens = (int) Arrays.stream(encoded[row].getAttentionMask()).sum();
        states[members[row]] = Arrays.copyOf(padded[row], tokens);
      }
    }
    return states;
  }

  /** The texts' vectors, not brought to length 1. */
  float[][] vectors(List<String> texts, TextRole role) throws OrtException {
    return Arrays.stream(states(texts, role)).map(this::pooled).toArray(float[][]::new);
  }

  private float[] pooled(float[][] states) {
    return model.pooling() == Pooling.CLS ? states[0] : Agreement.mean(states);
  }

  private float[][][] run(Encoding[] encoded) throws OrtException {
    long[][] ids = Arrays.stream(encoded).map(Encoding::getIds).toArray(long[][]::new);
    long[][] mask = Arrays.stream(encoded).map(Encoding::getAttentionMask).toArray(long[][]::new);
    long[][] types = Arrays.stream(encoded).map(Encoding::getTypeIds).toArray(long[][]::new);
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask);
        OnnxTensor typeTensor = OnnxTensor.createTensor(environment, types);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", idTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", typeTensor))) {
      return (float[][][]) result.get(0).getValue();
    }
  }

  @Override
  public void close() throws OrtException {
    tokenizer.close();
    session.close();
  }
}
