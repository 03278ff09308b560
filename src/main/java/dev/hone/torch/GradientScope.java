package dev.hone.torch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import java.util.function.Supplier;

/**
 * The time in which operations on this thread record gradients. One at a time per process: the
 * engine allows no second one.
 */
public final class GradientScope implements AutoCloseable {
  private final GradientCollector collector;

  private GradientScope(GradientCollector collector) {
    this.collector = collector;
  }

  /** Opens a scope on the calling thread. */
  public static GradientScope open() {
    return new GradientScope(Engine.getEngine("PyTorch").newGradientCollector());
  }

  /** Computes something on the calling thread and records its graph. */
  public static <T> T recorded(Supplier<T> work) {
    GradientScope scope = open();
    try {
      return work.get();
    } finally {
      scope.close();
    }
  }

  /** Adds the gradients of a scalar to every parameter it depends on. */
  public void backward(NDArray scalar) {
    ProcessEnd.operation(
        () -> {
          collector.backward(scalar);
          return null;
        });
  }

  @Override
  public void close() {
    collector.close();
  }
}
