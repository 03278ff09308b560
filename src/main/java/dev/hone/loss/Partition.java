package dev.hone.loss;

/** Whether several directions share the denominator of the softmax. */
public enum Partition {
  /** One softmax over the scores of all directions (GTE, arXiv 2308.03281). */
  JOINT,
  /** One softmax for each direction; the logarithms of their denominators are averaged. */
  PER_DIRECTION
}
