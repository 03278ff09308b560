package dev.hone.evaluate;

import dev.hone.config.StoredPrecision;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How vectors are compared, as the columns dim and precision say it.
 *
 * @param dimensions the first ones of each vector; empty where no vector is compared
 * @param precision of the documents' vectors; empty where none is compared
 */
record VectorForm(Integer dimensions, StoredPrecision precision) implements Serializable {
  /** Of what compares no vectors. */
  static final VectorForm NONE = new VectorForm(null, null);

  /** Each number of dimensions in each precision; the one that headlines show comes first. */
  static List<VectorForm> of(List<Integer> dimensions, List<StoredPrecision> precisions) {
    return dimensions.stream()
        .flatMap(dims -> precisions.stream().map(precision -> new VectorForm(dims, precision)))
        .toList();
  }

  /** The precision's name in tables, or null. */
  String precisionLabel() {
    return Optional.ofNullable(precision)
        .map(one -> one.name().toLowerCase(Locale.ROOT))
        .orElse(null);
  }
}
