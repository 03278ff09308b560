package dev.hone.model;

/** What a sentence-transformers folder has after the pooling. */
public sealed interface SentenceModule {

  /** Scales a vector to length 1. */
  record Normalize() implements SentenceModule {}

  /**
   * A dense layer over the vector.
   *
   * @param path its folder in the model's folder
   * @param in length of the vector before it
   * @param out length after it
   * @param bias whether it has one
   * @param activation {@code identity} or {@code tanh}
   */
  record Dense(String path, int in, int out, boolean bias, String activation)
      implements SentenceModule {}
}
