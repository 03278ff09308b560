package dev.hone.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.loss.CandidateColumns;
import dev.hone.loss.MultipleNegativesRanking;
import dev.hone.loss.RankingRow;
import dev.hone.model.Tensor;
import dev.hone.text.LengthBuckets;
import dev.hone.text.TextRole;
import dev.hone.text.TokenBatch;
import dev.hone.text.TokenizedText;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import dev.hone.torch.GradientScope;
import dev.hone.torch.TorchOptimizer;
import dev.hone.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Trains a model on the batches of a source, with multiple negatives ranking and AdamW.
 *
 * <p>The same model, batches and options give the same weights, bit by bit, on the same type of
 * processor.
 */
public final class Training {
  private final Encoder encoder;
  private final AdamW optimizer;
  private final TrainingOptions options;
  private final boolean unitLength;
  private int nonFinite;

  private Training(Encoder encoder, AdamW optimizer, TrainingOptions options, TrainingStart start) {
    this.encoder = encoder;
    this.optimizer = optimizer;
    this.options = options;
    this.unitLength = start.model().wantsUnitLength();
    this.nonFinite = start.optimizer().nonFinite();
  }

  /**
   * Runs all updates of the source, or until it is told that no other is wanted.
   *
   * <p>From the state between two updates, or at the end, other updates give the bits that they
   * would have given without a stop.
   *
   * @param between looks at the run before its first update and after each one
   * @param end takes what is wanted of the run after its last update
   * @return what {@code end} returned
   * @throws HoneException with {@link ErrorCode#DIVERGED} where loss or gradient stay not finite,
   *     and with {@link ErrorCode#CLUSTER} where the memory does not suffice
   */
  public static <T> T run(
      TrainingStart start,
      BatchSource source,
      TrainingOptions options,
      TrainingListener listener,
      BetweenUpdates between,
      Function<Training, T> end) {
    EncoderOptions encoding =
        EncoderOptions.training(
            options.threads(),
            options.maxLength(),
            options.precision(),
            options.dropout(),
            options.attentionDropout(),
            options.cache());
    try (Encoder encoder = Encoder.open(start.model(), options.prompts(), encoding);
        TorchOptimizer operations = TorchOptimizer.open(options.cache());
        NDManager moments = encoder.scope()) {
      start.weights().ifPresent(weights -> restore(encoder, operations, weights.get()));
      AdamW optimizer = optimizer(encoder, operations, options, start.optimizer(), moments);
      Training training = new Training(encoder, optimizer, options, start);
      int step = source.first();
      while (between.at(step, training) && source.hasNext()) {
        listener.updated(training.update(step, source.next()), source.updates());
        step++;
      }
      return end.apply(training);
    } catch (HoneException e) {
      throw e;
    } catch (RuntimeException e) {
      throw TorchRuntime.isOutOfMemory(e) ? outOfMemory(e) : e;
    }
  }

  /** Where it was not a batch that did not fit. */
  private static HoneException outOfMemory(RuntimeException cause) {
    return new HoneException(
        ErrorCode.CLUSTER,
        "Training ran out of memory: the model's weights, their gradients and the optimizer's two moments, or a validation's vectors, do not fit. Give the process more memory beside its heap (spark.executor.memoryOverhead), freeze something (train.freeze), or lower train.validation-documents.",
        cause);
  }

  /** Where the run stands; tensors are copied when they are asked for, as they are then. */
  public TrainingState state() {
    return new TrainingState(encoder::weights, optimizer.state(nonFinite));
  }

  /**
   * Measures the model as it is, without dropout.
   *
   * @param done updates done
   * @param epoch of the last one
   * @param earlier the run's validations before this one
   */
  public ValidationResult validate(
      ValidationPlan plan, int done, int epoch, ValidationHistory earlier) {
    return new Validation(plan, this::vectors).measure(done, epoch, earlier);
  }

  private float[][] vectors(List<String> texts, TextRole role) {
    float[][] vectors = encoder.encode(texts, role).vectors();
    return unitLength ? Validation.atUnitLength(vectors) : vectors;
  }

  private static void restore(
      Encoder encoder, TorchOptimizer operations, SortedMap<String, Tensor> weights) {
    SortedMap<String, NDArray> parameters = encoder.parameters();
    if (!parameters.keySet().equals(weights.keySet())) {
      throw new IllegalArgumentException("the weights to go on from are those of another model");
    }
    try (NDManager scope = encoder.scope()) {
      List<NDArray> values = new ArrayList<>();
      weights.forEach(
          (name, tensor) -> values.add(scope.create(tensor.values(), new Shape(tensor.shape()))));
      operations.assign(List.copyOf(parameters.values()), values);
    }
  }

  /** An optimizer of what is not frozen; no gradient is computed for the rest. */
  private static AdamW optimizer(
      Encoder encoder,
      TorchOptimizer operations,
      TrainingOptions options,
      OptimizerState state,
      NDManager moments) {
    SortedMap<String, NDArray> parameters = encoder.parameters();
    SortedMap<String, Double> factors =
        options.rates().factors(parameters.keySet(), options.schedule().rate());
    parameters.forEach(
        (name, parameter) -> {
          if (!factors.containsKey(name)) {
            parameter.setRequiresGradient(false);
          }
        });
    return new AdamW(operations, parameters, factors, options.weightDecay(), state, moments);
  }

  private TrainingUpdate update(int step, TrainingBatch batch) {
    long start = System.nanoTime();
    Accumulated sum = accumulate(step, batch.rows());
    double norm = optimizer.gradientNorm();
    double rate = options.schedule().at(step);
    if (Double.isFinite(sum.loss()) && Double.isFinite(norm)) {
      nonFinite = 0;
      double factor = Math.min(1, options.maxGradientNorm() / (norm + 1e-6));
      if (factor < 1) {
        optimizer.scaleGradients(factor);
      }
      optimizer.update(rate);
    } else if (++nonFinite >= options.nonFiniteLimit()) {
      throw new HoneException(
          ErrorCode.DIVERGED,
          "Training diverged at step %d: loss %s, gradient norm %s, %d updates in a row. Lower train.learning-rate (it is %s), or raise train.warmup-ratio."
              .formatted(step, sum.loss(), norm, nonFinite, options.schedule().rate()));
    }
    optimizer.clearGradients();
    return new TrainingUpdate(
        step,
        batch.epoch(),
        batch.dataset(),
        sum.loss(),
        rate,
        norm,
        batch.rows().size(),
        sum.tokens(),
        (System.nanoTime() - start) / 1e9);
  }

  /** The mean loss over an update's rows, whose gradient the parameters hold, and its tokens. */
  private record Accumulated(double loss, long tokens) {}

  /**
   * Leaves the gradient of the mean loss over all rows. Each batch's backward pass adds the mean
   * over its own rows; what stands there before is brought to the same number of rows first.
   */
  private Accumulated accumulate(int step, List<RankingRow> rows) {
    double loss = 0;
    long tokens = 0;
    int before = 0;
    List<List<RankingRow>> batches = batches(rows);
    for (int part = 0; part < batches.size(); part++) {
      List<RankingRow> batch = batches.get(part);
      if (before > 0 && before != batch.size()) {
        optimizer.scaleGradients((double) before / batch.size());
      }
      Accumulated own = gradients(seed(step, part), batch);
      loss += own.loss() * batch.size() / rows.size();
      tokens += own.tokens();
      before = batch.size();
    }
    if (before < rows.size()) {
      optimizer.scaleGradients((double) before / rows.size());
    }
    return new Accumulated(loss, tokens);
  }

  private List<List<RankingRow>> batches(List<RankingRow> rows) {
    int parts = (rows.size() - 1) / options.batchRows() + 1;
    return IntStream.range(0, parts)
        .mapToObj(
            part ->
                rows.subList(
                    Math.toIntExact((long) part * rows.size() / parts),
                    Math.toIntExact((part + 1L) * rows.size() / parts)))
        .toList();
  }

  /** Adds the gradients of one batch's mean loss. */
  private Accumulated gradients(long seed, List<RankingRow> rows) {
    CandidateColumns columns =
        options.maskFalseNegatives() ? CandidateColumns.of(rows) : CandidateColumns.unmasked(rows);
    List<TokenizedText> tokens = tokens(rows, columns);
    encoder.seed(seed);
    try {
      double loss = accumulateGradients(tokens, columns);
      return new Accumulated(loss, tokens.stream().mapToLong(text -> text.ids().length).sum());
    } catch (RuntimeException e) {
      throw TorchRuntime.isOutOfMemory(e) ? outOfMemory(tokens, options, e) : e;
    }
  }

  /** Names the largest chunk of a batch, which is what a smaller setting makes smaller. */
  static HoneException outOfMemory(
      List<TokenizedText> tokens, TrainingOptions options, RuntimeException cause) {
    TokenBatch largest =
        LengthBuckets.plan(tokens, options.chunkTokens()).stream()
            .map(positions -> Arrays.stream(positions).mapToObj(tokens::get).toList())
            .map(TokenBatch::of)
            .max(Comparator.comparingLong(batch -> (long) batch.rows() * batch.tokens()))
            .orElseThrow();
    return new HoneException(
        ErrorCode.CLUSTER,
        "Training ran out of memory: a batch of %d texts, queries and documents together, in chunks of up to %d texts x %d tokens, does not fit. Lower train.batch-size (batches have up to %d rows; train.accumulation makes up for the size of updates), train.negatives-per-query or train.max-length (%d tokens), or give the process more memory beside its heap (spark.executor.memoryOverhead)."
            .formatted(
                tokens.size(),
                largest.rows(),
                largest.tokens(),
                options.batchRows(),
                options.maxLength()),
        cause);
  }

  /** Queries first, then the candidates in column order. */
  private List<TokenizedText> tokens(List<RankingRow> rows, CandidateColumns columns) {
    List<String> queries = rows.stream().map(RankingRow::queryText).toList();
    List<String> documents = new ArrayList<>();
    for (CandidateColumns.Slot slot : columns.slots()) {
      RankingRow row = rows.get(slot.row());
      documents.add(
          (slot.negative() < 0 ? row.positive() : row.negatives().get(slot.negative())).text());
    }
    List<TokenizedText> tokens = new ArrayList<>(encoder.tokenize(queries, TextRole.QUERY));
    tokens.addAll(encoder.tokenize(documents, TextRole.DOCUMENT));
    return tokens;
  }

  private double accumulateGradients(List<TokenizedText> tokens, CandidateColumns columns) {
    try (NDManager scope = encoder.scope();
        GradientScope gradients = GradientScope.open()) {
      NDArray embedded = embedInOrder(tokens, scope);
      NDArray queries = embedded.get(":" + columns.rows());
      NDArray candidates = embedded.get(columns.rows() + ":");
      NDArray loss =
          new MultipleNegativesRanking(options.scale()).loss(queries, candidates, columns);
      gradients.backward(loss);
      return loss.getFloat();
    }
  }

  /** Embeds texts in chunks of one length each, and puts the rows back in the texts' order. */
  private NDArray embedInOrder(List<TokenizedText> tokens, NDManager scope) {
    NDList chunks = new NDList();
    long[] rowOf = new long[tokens.size()];
    int row = 0;
    for (int[] positions : LengthBuckets.plan(tokens, options.chunkTokens())) {
      List<TokenizedText> members = Arrays.stream(positions).mapToObj(tokens::get).toList();
      chunks.add(encoder.embed(TokenBatch.of(members), scope));
      for (int position : positions) {
        rowOf[position] = row++;
      }
    }
    return NDArrays.concat(chunks).get(scope.create(rowOf));
  }

  /** Spreads seed, step and part over all bits (Steele et al. 2014, SplitMix64's finalizer). */
  private long seed(int step, int part) {
    long mixed = options.seed() * 0x9E3779B97F4A7C15L + ((long) part << 32) + step + 1;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
