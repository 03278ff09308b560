package dev.hone.train;

import ai.djl.ndarray.NDManager;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.model.ModelFolder;
import dev.hone.model.Tensor;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import dev.hone.torch.TorchOptimizer;
import java.util.SortedMap;
import java.util.function.Function;

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
  private int nonFinite;

  private Training(Encoder encoder, AdamW optimizer, TrainingOptions options, int nonFinite) {
    this.encoder = encoder;
    this.gradients = new BatchGradients(encoder, options);
    this.optimizer = optimizer;
    this.options = options;
    this.nonFinite = nonFinite;
  }

  /** Where training stopped: all that it needs to go on. */
  public record Stop(SortedMap<String, Tensor> weights, OptimizerState optimizer) {}

  /**
   * Runs all updates of the source, and ends there.
   *
   * @param model the base model, or what an earlier part of the run made of it
   * @param state the optimizer's at the end of that part; {@link OptimizerState#NONE} for the base
   * @return the tuned weights by Hugging Face name
   * @throws HoneException with {@link ErrorCode#DIVERGED} where loss or gradient stay not finite
   */
  public static SortedMap<String, Tensor> run(
      ModelFolder model,
      OptimizerState state,
      BatchSource source,
      TrainingOptions options,
      TrainingListener listener) {
    return train(model, state, source, options, listener, training -> training.encoder.weights());
  }

  /**
   * The same, for a run that goes on later: from the weights and the state returned, its other
   * updates give the bits that they would have given without a stop.
   *
   * @throws HoneException as {@link #run}
   */
  public static Stop part(
      ModelFolder model,
      OptimizerState state,
      BatchSource source,
      TrainingOptions options,
      TrainingListener listener) {
    return train(
        model,
        state,
        source,
        options,
        listener,
        training ->
            new Stop(training.encoder.weights(), training.optimizer.state(training.nonFinite)));
  }

  private static <T> T train(
      ModelFolder model,
      OptimizerState state,
      BatchSource source,
      TrainingOptions options,
      TrainingListener listener,
      Function<Training, T> result) {
    EncoderOptions encoding =
        EncoderOptions.training(
            options.threads(),
            options.maxLength(),
            options.precision(),
            options.dropout(),
            options.attentionDropout(),
            options.cache());
    try (Encoder encoder = Encoder.open(model, options.prompts(), encoding);
        TorchOptimizer operations = TorchOptimizer.open(options.cache());
        NDManager moments = encoder.scope()) {
      AdamW optimizer =
          new AdamW(operations, encoder.parameters(), options.weightDecay(), state, moments);
      Training training = new Training(encoder, optimizer, options, state.nonFinite());
      for (int step = source.first(); source.hasNext(); step++) {
        listener.updated(training.update(step, source.next()), source.updates());
      }
      return result.apply(training);
    }
  }

  private TrainingUpdate update(int step, TrainingBatch batch) {
    long start = System.nanoTime();
    BatchGradients.Made made = gradients.add(step, batch.rows());
    double loss = made.loss();
    double norm = optimizer.gradientNorm();
    double rate = options.schedule().at(step);
    if (Double.isFinite(loss) && Double.isFinite(norm)) {
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
              .formatted(step, loss, norm, nonFinite, options.schedule().rate()));
    }
    optimizer.clearGradients();
    return new TrainingUpdate(
        step,
        batch.epoch(),
        batch.dataset(),
        loss,
        rate,
        norm,
        batch.rows().size(),
        made.tokens(),
        (System.nanoTime() - start) / 1e9);
  }
}
