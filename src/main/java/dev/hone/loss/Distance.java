package dev.hone.loss;

/** How far apart two vectors are; lower is nearer. */
public enum Distance {
  /** The length of their difference. */
  EUCLIDEAN,
  /** 1 - cos, from 0 to 2. */
  COSINE
}
