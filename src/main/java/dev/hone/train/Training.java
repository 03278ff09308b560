package dev.hone.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.loss.BatchRows;
import dev.hone.model.Tensor;
import dev.hone.text.TextRole;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import dev.hone.torch.TorchOptimizer;
import dev.hone.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Trains a model on the batches of a source, with AdamW.
 *
 * <p>The same model, batches and options give the same weights, bit by bit, on the same type of
 * processor.
 */
public final class Training {
  private final Encoder encoder;
  private final BatchGradients gradients;
  private final AdamW optimizer;
  private final TrainingOptions options;
  private final boolean unitLength;
  private int nonFinite;

  private Training(Encoder encoder, AdamW optimizer, TrainingOptions options, TrainingStart start) {
    this.encoder = encoder;
    this.gradients = new BatchGradients(encoder, options);
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
    BatchGradients.Made made = accumulate(step, options.of(batch.dataset()), batch.rows());
    double norm = optimizer.gradientNorm();
    double rate = options.schedule().at(step);
    if (Double.isFinite(made.loss()) && Double.isFinite(norm)) {
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
              .formatted(step, made.loss(), norm, nonFinite, options.schedule().rate()));
    }
    optimizer.clearGradients();
    return new TrainingUpdate(
        step,
        batch.epoch(),
        batch.dataset(),
        made.loss(),
        rate,
        norm,
        batch.rows().size(),
        made.tokens(),
        (System.nanoTime() - start) / 1e9);
  }

  /**
   * Leaves the gradient of the mean loss over all that is compared: rows, or triplets of them. Each
   * batch's backward pass adds the mean over its own; what stands there before is brought to the
   * same number first.
   */
  private BatchGradients.Made accumulate(int step, DatasetTraining asked, BatchRows rows) {
    double loss = 0;
    long tokens = 0;
    int before = 0;
    int all = 0;
    List<BatchRows> batches = batches(rows);
    for (int part = 0; part < batches.size(); part++) {
      BatchGradients.Prepared batch = gradients.prepare(step, part, asked, batches.get(part));
      int own = batch.loss().rows();
      if (before > 0 && own > 0 && before != own) {
        optimizer.scaleGradients((double) before / own);
      }
      BatchGradients.Made made = gradients.add(batch);
      loss += made.loss() * own;
      tokens += made.tokens();
      before = own > 0 ? own : before;
      all += own;
    }
    if (before < all) {
      optimizer.scaleGradients((double) before / all);
    }
    return new BatchGradients.Made(all > 0 ? loss / all : 0, tokens);
  }

  private List<BatchRows> batches(BatchRows rows) {
    int parts = (rows.size() - 1) / options.batchRows() + 1;
    return IntStream.range(0, parts)
        .<BatchRows>mapToObj(
            part ->
                rows.part(
                    Math.toIntExact((long) part * rows.size() / parts),
                    Math.toIntExact((part + 1L) * rows.size() / parts)))
        .toList();
  }
}
