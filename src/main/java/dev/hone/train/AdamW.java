package dev.hone.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.hone.model.Tensor;
import dev.hone.torch.TorchOptimizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * PyTorch's AdamW over named parameters: names that end in {@code bias} and weights of norms do not
 * decay, all others do, embeddings included. Each parameter learns at a multiple of the rate.
 */
final class AdamW {
  private final TorchOptimizer operations;
  private final List<Group> groups;
  private final List<NDArray> parameters;
  private int updates;

  /** What parameters of a group share. */
  private record Kind(double weightDecay, double rateFactor) {}

  /** Parameters of a kind, with their names and moments. */
  private record Group(
      Kind kind,
      List<String> names,
      List<NDArray> parameters,
      List<NDArray> first,
      List<NDArray> second) {
    static Group of(Kind kind) {
      return new Group(
          kind, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void add(String name, NDArray parameter) {
      names.add(name);
      parameters.add(parameter);
    }

    /** Zeros, or what a state has. */
    void fill(
        List<NDArray> moments, SortedMap<String, Tensor> values, int updates, NDManager scope) {
      for (int i = 0; i < names.size(); i++) {
        NDArray parameter = parameters.get(i);
        moments.add(
            updates == 0
                ? scope.zeros(parameter.getShape(), parameter.getDataType())
                : moment(names.get(i), parameter, values, scope));
      }
    }

    private static NDArray moment(
        String name, NDArray parameter, SortedMap<String, Tensor> values, NDManager scope) {
      Tensor moment = values.get(name);
      if (moment == null || !parameter.getShape().equals(new Shape(moment.shape()))) {
        throw new IllegalArgumentException(
            "the optimizer's state has no moments of the shape of " + name);
      }
      return scope.create(moment.values(), parameter.getShape());
    }
  }

  /**
   * Makes an optimizer that goes on from a state.
   *
   * @param parameters by name; changed in place by updates
   * @param rateFactors multiples of the learning rate by name; a parameter without one is left as
   *     it is
   * @param weightDecay for those that decay
   * @param state of an optimizer of the same parameters, or {@link OptimizerState#NONE}
   * @param scope owns the moments
   */
  AdamW(
      TorchOptimizer operations,
      SortedMap<String, NDArray> parameters,
      SortedMap<String, Double> rateFactors,
      double weightDecay,
      OptimizerState state,
      NDManager scope) {
    this.updates = state.updates();
    this.operations = operations;
    Map<Kind, Group> byKind = new LinkedHashMap<>();
    List<NDArray> trained = new ArrayList<>();
    rateFactors.forEach(
        (name, factor) -> {
          Kind kind = new Kind(decays(name) ? weightDecay : 0, factor);
          NDArray parameter = parameters.get(name);
          byKind.computeIfAbsent(kind, Group::of).add(name, parameter);
          trained.add(parameter);
        });
    this.groups = List.copyOf(byKind.values());
    this.parameters = List.copyOf(trained);
    fill(Group::first, state.first(), scope);
    fill(Group::second, state.second(), scope);
  }

  private void fill(
      Function<Group, List<NDArray>> which,
      Supplier<SortedMap<String, Tensor>> moments,
      NDManager scope) {
    SortedMap<String, Tensor> values = moments.get();
    groups.forEach(group -> group.fill(which.apply(group), values, updates, scope));
  }

  static boolean decays(String name) {
    return !name.endsWith("bias") && !name.toLowerCase(java.util.Locale.ROOT).contains("norm");
  }

  /**
   * The state; moments are copied when they are asked for, as they are then.
   *
   * @param nonFinite as {@link OptimizerState#nonFinite()}
   */
  OptimizerState state(int nonFinite) {
    return new OptimizerState(
        updates, nonFinite, () -> copies(Group::first), () -> copies(Group::second));
  }

  private SortedMap<String, Tensor> copies(Function<Group, List<NDArray>> which) {
    SortedMap<String, Tensor> copies = new TreeMap<>();
    for (Group group : groups) {
      List<NDArray> moments = which.apply(group);
      for (int i = 0; i < moments.size(); i++) {
        long[] shape = moments.get(i).getShape().getShape();
        copies.put(group.names().get(i), new Tensor(shape, moments.get(i).toFloatArray()));
      }
    }
    return copies;
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

  /**
   * One update with the gradients as they are.
   *
   * @param learningRate the run's; each parameter's own is a multiple of it
   */
  void update(double learningRate) {
    updates++;
    for (Group group : groups) {
      try (Gradients gradients = Gradients.of(group.parameters())) {
        operations.adamw(
            group.parameters(),
            gradients.arrays(),
            group.first(),
            group.second(),
            updates,
            learningRate * group.kind().rateFactor(),
            group.kind().weightDecay());
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
