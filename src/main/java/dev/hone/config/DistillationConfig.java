package dev.hone.config;

/**
 * What is learned from the filter scorer's scores.
 *
 * @param kind what it is
 * @param temperature what scores are divided by in {@link Distillation#KL}, above 0
 */
public record DistillationConfig(Distillation kind, double temperature) {
  /** Nothing. */
  static final DistillationConfig OFF = new DistillationConfig(Distillation.NONE, 1);

  /** Refuses values out of range, and a temperature that changes nothing. */
  public DistillationConfig {
    Keys.DISTILLATION.check(kind);
    Keys.DISTILLATION_TEMPERATURE.check(temperature);
    if (kind != Distillation.KL && temperature != 1) {
      throw new IllegalArgumentException(
          "distillation-temperature belongs to train.distillation = kl: set that, or leave it out");
    }
  }

  /** Whether anything is learned. */
  public boolean isOn() {
    return kind != Distillation.NONE;
  }
}
