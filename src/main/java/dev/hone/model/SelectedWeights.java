package dev.hone.model;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** The weights that an architecture needs, picked out of what a file holds. */
final class SelectedWeights {
  private SelectedWeights() {}

  /**
   * Picks the weights of the shapes given; a prefix before their names is dropped, and what the
   * encoder does not use (pooler, heads) is left out.
   *
   * @throws HoneException naming the first weight that is missing or has another shape
   */
  static SortedMap<String, Tensor> of(
      SortedMap<String, Tensor> tensors,
      SortedMap<String, long[]> shapes,
      String prefix,
      Object where) {
    SortedMap<String, Tensor> selected = new TreeMap<>();
    shapes.forEach(
        (name, shape) -> {
          Tensor tensor = tensors.getOrDefault(name, tensors.get(prefix + name));
          if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
            String found = tensor == null ? "no such" : Arrays.toString(tensor.shape());
            throw new HoneException(
                ErrorCode.CONFIGURATION,
                "Cannot use the weights of %s: %s should be %s, found %s tensor. Check that config.json and the weights belong together."
                    .formatted(where, name, Arrays.toString(shape), found));
          }
          selected.put(name, tensor);
        });
    return selected;
  }
}
