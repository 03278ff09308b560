package dev.hone.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import dev.hone.model.Archive;
import dev.hone.model.ArchiveOptions;
import dev.hone.model.ModelFolder;
import dev.hone.model.Precision;
import dev.hone.model.Tensor;
import dev.hone.store.LocalCache;
import dev.hone.text.LengthBuckets;
import dev.hone.text.Prompts;
import dev.hone.text.TextRole;
import dev.hone.text.TextTokenizer;
import dev.hone.text.TokenBatch;
import dev.hone.text.TokenizedText;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A model folder at work: texts in, vectors out, with or without gradients.
 *
 * <p>One thread at a time. A text's fp32 vector has the same bits whatever else is in its batch.
 */
public final class Encoder implements AutoCloseable {
  private final ScriptModule module;
  private final TextTokenizer tokenizer;
  private final Prompts prompts;
  private final EncoderOptions options;
  private final boolean includePrompt;
  private final Activations activations;

  private Encoder(
      ScriptModule module,
      TextTokenizer tokenizer,
      Prompts prompts,
      EncoderOptions options,
      boolean includePrompt,
      int heads) {
    this.module = module;
    this.tokenizer = tokenizer;
    this.prompts = prompts;
    this.options = options;
    this.includePrompt = includePrompt;
    this.activations = Activations.of(parameters(), heads, options.attentionDropout());
  }

  /** Loads a model; its archive is written to the cache on first use. */
  public static Encoder open(ModelFolder folder, Prompts prompts, EncoderOptions options) {
    TorchRuntime.start(options.threads());
    ArchiveOptions archive =
        new ArchiveOptions(
            options.trained(),
            options.precision(),
            Processor.hasOneDnn(options.cache()),
            options.dropout(),
            options.attentionDropout());
    Path written =
        options
            .cache()
            .entry(
                Archive.name(folder, archive),
                target -> Archive.write(folder, archive, target.resolve("encoder.pt")));
    TextTokenizer tokenizer = TextTokenizer.open(folder.tokenizerJson(), options.maxLength());
    try {
      ScriptModule module = ScriptModule.load(written, "encoder", options.trained());
      return new Encoder(
          module,
          tokenizer,
          prompts,
          options,
          folder.includePrompt(),
          folder.architecture().heads());
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /** Loads a model for inference with the folder's own prompts, in fp32. */
  public static Encoder open(ModelFolder folder, int threads, LocalCache cache) {
    return open(
        folder,
        new Prompts(folder.queryPrompt(), folder.documentPrompt()),
        EncoderOptions.inference(threads, folder.maxLength(), Precision.FP32, cache));
  }

  /** Tokenizes texts with their role's prompt in front. */
  public List<TokenizedText> tokenize(List<String> texts, TextRole role) {
    return tokenize(texts, role, prompts, options.maxLength());
  }

  /**
   * Tokenizes texts with other prompts and another length than the encoder's own.
   *
   * @param wanted the prompts
   * @param maxLength the most tokens of a text, special tokens and prompt included; at least 2
   */
  public List<TokenizedText> tokenize(
      List<String> texts, TextRole role, Prompts wanted, int maxLength) {
    int unpooled = includePrompt ? 0 : tokenizer.promptLength(wanted.apply(role, ""));
    return tokenizer.tokenize(
        texts.stream().map(text -> wanted.apply(role, text)).toList(), unpooled, maxLength);
  }

  /** Encodes texts, without gradients and dropout, in batches of similar lengths. */
  public EncodedTexts encode(List<String> texts, TextRole role) {
    return withoutGradients(() -> encode(tokenize(texts, role)));
  }

  /**
   * The states of each text's tokens, before any pooling.
   *
   * @return for each text [tokens, hidden size], special tokens included, padding not
   */
  public float[][][] states(List<String> texts, TextRole role) {
    return withoutGradients(() -> states(tokenize(texts, role)));
  }

  private static <T> T withoutGradients(Supplier<T> work) {
    boolean recording = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return work.get();
    } finally {
      JniUtils.setGradMode(recording);
    }
  }

  private EncodedTexts encode(List<TokenizedText> tokens) {
    float[][] vectors = new float[tokens.size()][];
    boolean[] truncated = new boolean[tokens.size()];
    for (int[] positions : LengthBuckets.plan(tokens, options.batchTokens())) {
      List<TokenizedText> members = Arrays.stream(positions).mapToObj(tokens::get).toList();
      try (NDManager scope = module.manager().newSubManager()) {
        TokenBatch batch = TokenBatch.of(atLeastTwo(members));
        NDArray embedded = module.evaluate(ids(batch, scope), mask(batch, scope));
        float[] values = embedded.toFloatArray();
        int dimension = values.length / batch.rows();
        for (int row = 0; row < positions.length; row++) {
          int from = row * dimension;
          vectors[positions[row]] = Arrays.copyOfRange(values, from, from + dimension);
          truncated[positions[row]] = members.get(row).truncated();
        }
      }
    }
    return new EncodedTexts(vectors, truncated);
  }

  private float[][][] states(List<TokenizedText> tokens) {
    float[][][] states = new float[tokens.size()][][];
    for (int[] positions : LengthBuckets.plan(tokens, options.batchTokens())) {
      List<TokenizedText> members = Arrays.stream(positions).mapToObj(tokens::get).toList();
      try (NDManager scope = module.manager().newSubManager()) {
        TokenBatch batch = TokenBatch.of(atLeastTwo(members));
        NDArray all = module.evaluate("states", scope, ids(batch, scope), mask(batch, scope));
        float[] values = all.toFloatArray();
        int width = values.length / batch.rows() / batch.tokens();
        for (int row = 0; row < positions.length; row++) {
          int from = row * batch.tokens() * width;
          states[positions[row]] =
              IntStream.range(0, members.get(row).ids().length)
                  .mapToObj(
                      token ->
                          Arrays.copyOfRange(
                              values, from + token * width, from + (token + 1) * width))
                  .toArray(float[][]::new);
        }
      }
    }
    return states;
  }

  /** One row takes other kernels than several, with other last bits: it is encoded twice. */
  private static List<TokenizedText> atLeastTwo(List<TokenizedText> members) {
    return members.size() == 1 ? List.of(members.get(0), members.get(0)) : members;
  }

  /**
   * Embeds a batch with dropout on; inside a {@link GradientScope} the graph is recorded.
   *
   * @param scope owns the result and the inputs
   * @return [rows, dimension]
   */
  public NDArray embed(TokenBatch batch, NDManager scope) {
    if (!options.trained()) {
      throw new IllegalStateException("this encoder was opened for inference");
    }
    return module.train(ids(batch, scope), mask(batch, scope));
  }

  /**
   * Embeds a batch with dropout on, as {@link #embed}, and keeps no graph of it.
   *
   * @return the vectors one after the other, [rows * dimension]
   */
  public float[] embedDetached(TokenBatch batch) {
    return withoutGradients(
        () -> {
          try (NDManager scope = scope()) {
            return embed(batch, scope).toFloatArray();
          }
        });
  }

  /** About how many bytes the graph of a batch takes, as {@link Activations} counts them. */
  public long graphBytes(TokenBatch batch) {
    return activations.bytes(batch);
  }

  private static NDArray ids(TokenBatch batch, NDManager scope) {
    return scope.create(batch.ids(), new Shape(batch.rows(), batch.tokens()));
  }

  private static NDArray mask(TokenBatch batch, NDManager scope) {
    return scope.create(batch.mask(), new Shape(batch.rows(), batch.tokens()));
  }

  /** Seeds dropout, for this process. */
  public void seed(long seed) {
    JniUtils.setSeed(seed);
  }

  /** A new scope for tensors; close it. */
  public NDManager scope() {
    return module.manager().newSubManager();
  }

  /** The model's own trainable tensors by Hugging Face name; changing one changes the model. */
  public SortedMap<String, NDArray> parameters() {
    SortedMap<String, NDArray> parameters = new TreeMap<>();
    module.parameters().forEach((name, array) -> parameters.put(huggingFaceName(name), array));
    return parameters;
  }

  private static String huggingFaceName(String name) {
    return name.startsWith(Archive.TRANSFORMER)
        ? name.substring(Archive.TRANSFORMER.length())
        : name;
  }

  /** Copies of the weights by Hugging Face name. */
  public SortedMap<String, Tensor> weights() {
    SortedMap<String, Tensor> weights = new TreeMap<>();
    parameters()
        .forEach(
            (name, array) ->
                weights.put(name, new Tensor(array.getShape().getShape(), array.toFloatArray())));
    return weights;
  }

  @Override
  public void close() {
    try {
      tokenizer.close();
    } finally {
      module.close();
    }
  }
}
