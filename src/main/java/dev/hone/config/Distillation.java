package dev.hone.config;

/** What is learned from the filter scorer's scores instead of a ranking. */
public enum Distillation {
  /** Nothing: the loss stays as it is. */
  NONE,
  /** By how much it prefers a row's positive to each of its negatives. */
  MARGIN_MSE,
  /** How it spreads its scores over them. */
  KL
}
