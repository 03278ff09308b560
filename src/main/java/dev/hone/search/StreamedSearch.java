package dev.hone.search;

/** A search of many queries at once, past which the documents stream one by one. */
public sealed interface StreamedSearch permits DenseSearch, BinarySearch {
  /**
   * Compares one document.
   *
   * @param vector [dimension]
   */
  void add(String id, float[] vector);

  /** Compares what has not been compared yet; afterwards only results are asked for. */
  void finish();
}
