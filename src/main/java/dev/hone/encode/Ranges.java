package dev.hone.encode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * The least and the greatest value of each dimension over a table's vectors.
 *
 * @param minimum [dimension]; positive infinity where there is no vector
 * @param maximum [dimension]; negative infinity where there is no vector
 */
@SuppressWarnings("ArrayRecordComponent") // a running total, never compared
record Ranges(float[] minimum, float[] maximum) implements Serializable {
  /** Name of the file in which they lie beside the vectors; Spark and Arrow pass over it. */
  static final String FILE = "_ranges.json";

  /** The ranges of no vector. */
  static Ranges none(int dimension) {
    Ranges ranges = new Ranges(new float[dimension], new float[dimension]);
    java.util.Arrays.fill(ranges.minimum, Float.POSITIVE_INFINITY);
    java.util.Arrays.fill(ranges.maximum, Float.NEGATIVE_INFINITY);
    return ranges;
  }

  /** Takes a vector in, in place. */
  Ranges with(float[] vector) {
    return union(new Ranges(vector, vector));
  }

  /** Takes other ranges in, in place. */
  Ranges union(Ranges other) {
    for (int i = 0; i < minimum.length; i++) {
      minimum[i] = Math.min(minimum[i], other.minimum[i]);
      maximum[i] = Math.max(maximum[i], other.maximum[i]);
    }
    return this;
  }

  /** Two arrays, {@code minimum} and {@code maximum}; empty ones where there is no vector. */
  String json() {
    boolean isEmpty = minimum.length > 0 && minimum[0] > maximum[0];
    Map<String, float[]> values = new TreeMap<>();
    values.put("minimum", isEmpty ? new float[0] : minimum);
    values.put("maximum", isEmpty ? new float[0] : maximum);
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(values) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("arrays of numbers are always JSON", e);
    }
  }
}
