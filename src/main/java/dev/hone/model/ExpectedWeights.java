package dev.hone.model;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The weights that an architecture needs, by its own names, and how they are found among the
 * tensors of a checkpoint: with or without a prefix, LayerNorms by their older names too. What else
 * is there (heads, poolers, buffers) is never read.
 *
 * @param shapes name and shape of every weight
 * @param prefixes what a checkpoint may put before each name, such as {@code bert.}
 */
record ExpectedWeights(SortedMap<String, long[]> shapes, List<String> prefixes) {
  private static final int NAMES_SHOWN = 3;

  /**
   * Reads the weights of a folder.
   *
   * @throws HoneException naming file and tensor where one is missing, has another shape, or holds
   *     what is not a finite number
   */
  SortedMap<String, Tensor> from(WeightFiles files) {
    Map<String, String> found = find(files.shapes(), name -> files.fileOf(name).toString());
    SortedMap<String, Tensor> read = files.read(found.values());
    return named(found, read, name -> files.fileOf(name).toString());
  }

  /**
   * Picks the weights out of tensors that are read already.
   *
   * @param where what the tensors are of, for messages
   */
  SortedMap<String, Tensor> from(Map<String, Tensor> tensors, String where) {
    SortedMap<String, long[]> present = new TreeMap<>();
    tensors.forEach((name, tensor) -> present.put(name, tensor.shape()));
    return named(find(present, name -> where), tensors, name -> where);
  }

  private static SortedMap<String, Tensor> named(
      Map<String, String> found, Map<String, Tensor> tensors, Function<String, String> fileOf) {
    SortedMap<String, Tensor> weights = new TreeMap<>();
    found.forEach(
        (name, source) -> {
          Tensor tensor = tensors.get(source);
          requireFinite(source, tensor, fileOf.apply(source));
          weights.put(name, tensor);
        });
    return weights;
  }

  /** By each weight's name, the name of its tensor. */
  private Map<String, String> find(
      SortedMap<String, long[]> present, Function<String, String> fileOf) {
    SortedMap<String, String> found = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    String file = fileOf.apply("");
    for (Map.Entry<String, long[]> weight : shapes.entrySet()) {
      String source =
          candidates(weight.getKey()).stream().filter(present::containsKey).findFirst().orElse("");
      if (source.isEmpty()) {
        problems.add(missing(weight.getKey(), weight.getValue(), present));
      } else if (!Arrays.equals(present.get(source), weight.getValue())) {
        file = problems.isEmpty() ? fileOf.apply(source) : file;
        problems.add(
            "tensor %s should have the shape %s, found %s"
                .formatted(
                    source,
                    Arrays.toString(weight.getValue()),
                    Arrays.toString(present.get(source))));
      }
      found.put(weight.getKey(), source);
    }
    if (problems.isEmpty()) {
      return found;
    }
    throw new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot use the weights %s: %s%s. Check that config.json and the weights belong together and are complete."
            .formatted(
                file,
                problems.get(0),
                problems.size() == 1
                    ? ""
                    : "; and %d more of %d tensors are missing or of another shape"
                        .formatted(problems.size() - 1, shapes.size())));
  }

  private List<String> candidates(String name) {
    List<String> names = new ArrayList<>();
    for (String form : List.of(name, olderName(name))) {
      names.add(form);
      prefixes.forEach(prefix -> names.add(prefix + form));
    }
    return names;
  }

  /** TensorFlow's names of a LayerNorm's weights, which old checkpoints kept. */
  private static String olderName(String name) {
    return name.replaceFirst("LayerNorm\\.weight$", "LayerNorm.gamma")
        .replaceFirst("LayerNorm\\.bias$", "LayerNorm.beta");
  }

  private static String missing(String name, long[] shape, SortedMap<String, long[]> present) {
    List<String> first = present.keySet().stream().limit(NAMES_SHOWN).toList();
    return "tensor %s of shape %s is missing, found %s"
        .formatted(
            name,
            Arrays.toString(shape),
            first.isEmpty()
                ? "no tensors"
                : present.size() + " others, such as " + String.join(", ", first));
  }

  private static void requireFinite(String name, Tensor tensor, String file) {
    long count = 0;
    int first = -1;
    float[] values = tensor.values();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        first = count == 0 ? i : first;
        count++;
      }
    }
    if (count > 0) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot use the weights %s: tensor %s should hold finite numbers, found %s at position %s, and %d such values in all. Its training diverged, or it was saved in a format too narrow for it: take another checkpoint."
              .formatted(
                  file,
                  name,
                  values[first],
                  Arrays.toString(position(first, tensor.shape())),
                  count));
    }
  }

  private static long[] position(long index, long[] shape) {
    long[] position = new long[shape.length];
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      position[axis] = index % shape[axis];
      index /= shape[axis];
    }
    return position;
  }
}
