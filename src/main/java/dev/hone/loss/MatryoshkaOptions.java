package dev.hone.loss;

import java.io.Serializable;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;

/**
 * At which lengths the beginnings of a vector have to be good vectors too.
 *
 * @param dims the lengths, each above 0 and given once; empty: only the whole vector
 * @param weights one for each, finite and above 0
 * @param reduction how the losses of all lengths become one
 */
public record MatryoshkaOptions(List<Integer> dims, List<Double> weights, Reduction reduction)
    implements Serializable {
  /** Only the whole vector. */
  public static final MatryoshkaOptions NONE =
      new MatryoshkaOptions(List.of(), List.of(), Reduction.SUM);

  /** How the losses of all lengths become one. */
  public enum Reduction {
    /** The sum of weight * loss. */
    SUM,
    /** That sum, divided by the sum of the weights. */
    MEAN
  }

  /** Refuses dims and weights that do not fit. */
  public MatryoshkaOptions {
    dims = List.copyOf(dims);
    weights = List.copyOf(weights);
    if (weights.size() != dims.size()) {
      throw new IllegalArgumentException(
          weights.size() + " weights for " + dims.size() + " dims: one for each is needed");
    }
    if (dims.stream().anyMatch(dim -> dim < 1) || new HashSet<>(dims).size() < dims.size()) {
      throw new IllegalArgumentException("dims are " + dims + ", must be above 0, each once");
    }
    if (weights.stream().anyMatch(weight -> !(weight > 0 && weight < Double.POSITIVE_INFINITY))) {
      throw new IllegalArgumentException("weights are " + weights + ", must be finite, above 0");
    }
  }

  /** The sum of the losses at some lengths. */
  public static MatryoshkaOptions sum(List<Integer> dims) {
    return new MatryoshkaOptions(dims, Collections.nCopies(dims.size(), 1.0), Reduction.SUM);
  }

  /** Whether it asks for nothing. */
  public boolean isNone() {
    return dims.isEmpty();
  }
}
