package dev.hone.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import dev.hone.model.TorchScriptArchive;
import dev.hone.store.LocalCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The tensor operations of an optimizer update, each over all parameters in one call. */
public final class TorchOptimizer implements AutoCloseable {
  /** Raised when the script changes, so that no older archive is taken for it. */
  private static final int REVISION = 2;

  private final ScriptModule script;

  private TorchOptimizer(ScriptModule script) {
    this.script = script;
  }

  /** Loads the script, written to the cache on first use. */
  public static TorchOptimizer open(LocalCache cache) {
    Path folder = cache.entry("optimizer-" + REVISION, TorchOptimizer::write);
    return new TorchOptimizer(ScriptModule.load(folder, "optimizer", true));
  }

  private static void write(Path folder) throws IOException {
    try (InputStream stream = TorchOptimizer.class.getResourceAsStream("optimizer.py")) {
      String source =
          new String(stream.readAllBytes(), StandardCharsets.UTF_8)
              .replaceAll("(?m)^\\s*#.*\\n", "");
      TorchScriptArchive.write(
          folder.resolve("optimizer.pt"),
          source,
          TorchScriptArchive.Module.of("Optimizer", Map.of()));
    }
  }

  /**
   * The global L2 norm, accumulated in float64.
   *
   * @param gradients at least one, FP32
   */
  public double norm(List<NDArray> gradients) {
    try (NDManager scope = script.manager().newSubManager();
        NDArray norm = script.call(scope, "norm", ScriptModule.list(gradients))) {
      return norm.getDouble();
    }
  }

  /** Multiplies every gradient by a factor, in place. */
  public void scale(List<NDArray> gradients, double factor) {
    call("scale", ScriptModule.list(gradients), IValue.from(factor));
  }

  /**
   * One AdamW update in place, with PyTorch's defaults 0.9, 0.999 and 1e-8: theta *= 1 - lr *
   * decay, then theta -= lr * m^ / (sqrt(v^) + eps).
   *
   * @param parameters FP32, not empty
   * @param gradients of the same shapes
   * @param first moving average of the gradient, changed in place
   * @param second moving average of its square, changed in place
   * @param update this update's number, from 1
   */
  public void adamw(
      List<NDArray> parameters,
      List<NDArray> gradients,
      List<NDArray> first,
      List<NDArray> second,
      int update,
      double learningRate,
      double weightDecay) {
    call(
        "adamw",
        ScriptModule.list(parameters),
        ScriptModule.list(gradients),
        ScriptModule.list(first),
        ScriptModule.list(second),
        IValue.from((double) update),
        IValue.from(learningRate),
        IValue.from(weightDecay));
  }

  /**
   * Puts values in place of those of parameters.
   *
   * @param parameters FP32, not empty
   * @param values of the same shapes, in the same order
   */
  public void assign(List<NDArray> parameters, List<NDArray> values) {
    call("assign", ScriptModule.list(parameters), ScriptModule.list(values));
  }

  /** Clears a parameter's gradient; also one that is not finite, which a product with 0 keeps. */
  public void clearGradient(NDArray parameter) {
    JniUtils.zeroGrad((PtNDArray) parameter);
  }

  private void call(String method, IValue... arguments) {
    boolean recording = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try (NDManager scope = script.manager().newSubManager()) {
      script.call(scope, method, arguments).close();
    } finally {
      JniUtils.setGradMode(recording);
    }
  }

  @Override
  public void close() {
    script.close();
  }
}
