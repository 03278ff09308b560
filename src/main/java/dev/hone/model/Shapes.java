package dev.hone.model;

import java.util.SortedMap;
import java.util.TreeMap;

/** Collects the names and shapes of an architecture's weights. */
final class Shapes {
  private final SortedMap<String, long[]> shapes = new TreeMap<>();

  /** A matrix or vector by its full name. */
  Shapes weight(String name, long... shape) {
    shapes.put(name, shape);
    return this;
  }

  /** A dense layer [out, in] with its bias. */
  Shapes linear(String name, long out, long in) {
    return weight(name + ".weight", out, in).weight(name + ".bias", out);
  }

  /** A LayerNorm with its bias. */
  Shapes norm(String name, long size) {
    return weight(name + ".weight", size).weight(name + ".bias", size);
  }

  SortedMap<String, long[]> all() {
    return shapes;
  }
}
