package dev.hone.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.hone.torch.TorchOptimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * PyTorch's AdamW over named parameters: names that end in {@code bias} and weights of norms do not
 * decay, all others do, embeddings included.
 */
final class AdamW {
  private final TorchOptimizer operations;
  private final Group decaying;
  private final Group plain;
  private final List<NDArray> parameters;
  private int updates;

  /** Parameters that share a weight decay, with their moments. */
  private record Group(
      double weightDecay, List<NDArray> parameters, List<NDArray> first, List<NDArray> second) {
    static Group of(double weightDecay) {
      return new Group(weightDecay, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void add(NDArray parameter, NDManager scope) {
      parameters.add(parameter);
      first.add(scope.zeros(parameter.getShape(), parameter.getDataType()));
      second.add(scope.zeros(parameter.getShape(), parameter.getDataType()));
    }
  }

  /**
   * Makes an optimizer with zero moments.
   *
   * @param parameters by name; changed in place by updates
   * @param weightDecay for those that decay
   * @param scope owns the moments
   */
  AdamW(
      TorchOptimizer operations,
      SortedMap<String, NDArray> parameters,
      double weightDecay,
      NDManager scope) {
    this.operations = operations;
    this.decaying = Group.of(weightDecay);
    this.plain = Group.of(0);
    this.parameters = List.copyOf(parameters.values());
    for (Map.Entry<String, NDArray> parameter : parameters.entrySet()) {
      (decays(parameter.getKey()) ? decaying : plain).add(parameter.getValue(), scope);
    }
  }

  static boolean decays(String name) {
    return !name.endsWith("bias") && !name.toLowerCase(java.util.Locale.ROOT).contains("norm");
  }

  /** The gradients' global L2 norm. */
  double gradientNorm() {
    try (Gradients gradients = Gradients.of(parameters)) {
      return operations.norm(gradients.arrays());
    }
  }

  /** Multiplies all gradients by a factor. */
  void scaleGradients(double factor) {
    try (Gradients gradients = Gradients.of(parameters)) {
      operations.scale(gradients.arrays(), factor);
    }
  }

  /** One update with the gradients as they are. */
  void update(double learningRate) {
    updates++;
    for (Group group : List.of(decaying, plain)) {
      if (group.parameters().isEmpty()) {
        continue;
      }
      try (Gradients gradients = Gradients.of(group.parameters())) {
        operations.adamw(
            group.parameters(),
            gradients.arrays(),
            group.first(),
            group.second(),
            updates,
            learningRate,
            group.weightDecay());
      }
    }
  }

  /** Clears all gradients. */
  void clearGradients() {
    parameters.forEach(operations::clearGradient);
  }

  /** Handles of gradients, closed together: the engine makes a new one per call. */
  private record Gradients(List<NDArray> arrays) implements AutoCloseable {
    static Gradients of(List<NDArray> parameters) {
      return new Gradients(parameters.stream().map(NDArray::getGradient).toList());
    }

    @Override
    public void close() {
      arrays.forEach(NDArray::close);
    }
  }
}
