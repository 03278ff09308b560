package dev.hone.train;

import dev.hone.text.Prompts;
import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the batches of one data set are trained on.
 *
 * @param loss what is made small
 * @param gradients how a batch's gradients are made
 * @param prompts put before queries and documents
 * @param maxLength the most tokens of a text
 */
public record DatasetTraining(
    TrainingLoss loss, GradientMethod gradients, Prompts prompts, int maxLength)
    implements Serializable {

  /** All that changes a result, by name, but for prompts and length. */
  public SortedMap<String, Object> settings() {
    SortedMap<String, Object> settings = new TreeMap<>(loss.settings());
    settings.putAll(gradients.settings());
    return settings;
  }
}
