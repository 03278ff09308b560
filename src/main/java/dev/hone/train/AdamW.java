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

    void add(String name, NDArray parameter, OptimizerState state, NDManager scope) {
      names.add(name);
      parameters.add(parameter);
      first.add(moment(name, parameter, state, state.first(), scope));
      second.add(moment(name, parameter, state, state.second(), scope));
    }

    private static NDArray moment(
        String name,
        NDArray parameter,
        OptimizerState state,
        SortedMap<String, Tensor> moments,
        NDManager scope) {
      if (state.updates() == 0) {
        return scope.zeros(parameter.getShape(), parameter.getDataType());
      }
      Tensor moment = moments.get(name);
      if (moment == null || !parameter.getShape().equals(new Shape(moment.shape()))) {
        throw new IllegalArgumentException(
            "the optimizer's state has no moments of the shape of " + name);
      }
      return scope.create(moment.values(), parameter.getShape());
    }

    void collect(SortedMap<String, Tensor> firsts, SortedMap<String, Tensor> seconds) {
      for (int i = 0; i < names.size(); i++) {
        long[] shape = parameters.get(i).getShape().getShape();
        firsts.put(names.get(i), new Tensor(shape, first.get(i).toFloatArray()));
        seconds.put(names.get(i), new Tensor(shape, second.get(i).toFloatArray()));
      }
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
          byKind.computeIfAbsent(kind, Group::of).add(name, parameter, state, scope);
          trained.add(parameter);
        });
    this.groups = List.copyOf(byKind.values());
    this.parameters = List.copyOf(trained);
  }

  static boolean decays(String name) {
    return !name.endsWith("bias") && !name.toLowerCase(java.util.Locale.ROOT).contains("norm");
  }

  /**
   * A copy of the state.
   *
   * @param nonFinite as {@link OptimizerState#nonFinite()}
   */
  OptimizerState state(int nonFinite) {
    SortedMap<String, Tensor> first = new TreeMap<>();
    SortedMap<String, Tensor> second = new TreeMap<>();
    groups.forEach(group -> group.collect(first, second));
    return new OptimizerState(updates, nonFinite, first, second);
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
