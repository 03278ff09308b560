package dev.hone.cluster;

import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;
import dev.hone.train.DatasetTraining;
import dev.hone.train.LearningRateSchedule;
import dev.hone.train.ParameterRates;
import dev.hone.train.TrainingOptions;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Everything that a rank needs to know, in a form that travels to an executor.
 *
 * @param model the base model, which the executor's host finds for itself
 * @param cache the cache's folder on the executor's host
 * @param datasets how the batches of each data set are trained on, by its name
 * @param maxLength the most tokens of a text where the model is measured
 * @param prompts put before queries and documents there
 * @param rates which parameters are trained, and how fast each learns
 * @param batchRows rows of a batch; an update may be made of several
 * @param interpolate share of the way from the base to the trained weights that the tuned model
 *     goes
 * @param checkpoints when checkpoints are written; no result depends on it
 */
public record TrainingSpec(
    ModelReference model,
    String cache,
    SortedMap<String, DatasetTraining> datasets,
    double learningRate,
    double warmupRatio,
    String decay,
    double weightDecay,
    double maxGradientNorm,
    Precision precision,
    double dropout,
    double attentionDropout,
    int maxLength,
    Prompts prompts,
    int threads,
    int nonFiniteLimit,
    long seed,
    ParameterRates rates,
    int batchRows,
    double interpolate,
    CheckpointPolicy checkpoints)
    implements Serializable {

  ModelFolder base(Configuration hadoop) {
    return folder(model, hadoop);
  }

  /** A model, where the executor's host finds it. */
  ModelFolder folder(ModelReference reference, Configuration hadoop) {
    return reference.resolve(LocalCache.at(Path.of(cache)), hadoop);
  }

  TrainingOptions options(int updates) {
    return new TrainingOptions(
        datasets,
        new LearningRateSchedule(
            learningRate, warmupRatio, updates, LearningRateSchedule.Decay.valueOf(decay)),
        weightDecay,
        maxGradientNorm,
        precision,
        dropout,
        attentionDropout,
        maxLength,
        prompts,
        threads,
        nonFiniteLimit,
        seed,
        LocalCache.at(Path.of(cache)),
        rates,
        batchRows);
  }
}
