package dev.hone.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.Arrays;

/** Tries libtorch in this process: loads it, and multiplies matrices whose product is known. */
public final class TorchProbe {
  private static final int SIZE = 16;

  private TorchProbe() {}

  /**
   * What libtorch is like here.
   *
   * @param version libtorch's version
   * @param gpus how many GPUs it can use
   */
  public record Result(String version, int gpus) {}

  /**
   * Loads libtorch and multiplies on the processor.
   *
   * @throws HoneException if it cannot be loaded or computes something else
   */
  public static Result onProcessor() {
    try {
      TorchRuntime.start(TorchRuntime.processors());
      Engine engine = Engine.getEngine("PyTorch");
      multiply(Device.cpu());
      int gpus = engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
      return new Result(engine.getVersion(), gpus);
    } catch (LinkageError e) {
      throw new HoneException(
          ErrorCode.CLUSTER, "Cannot load libtorch: " + e + ". Is all of lib/ there?", e);
    }
  }

  /**
   * Multiplies on a GPU.
   *
   * @throws HoneException if it computes something else
   */
  public static void onGpu(int index) {
    multiply(Device.gpu(index));
  }

  /** A[i][j] = i + j times the matrix that turns columns around: integers, so exactly right. */
  private static void multiply(Device device) {
    float[] rows = new float[SIZE * SIZE];
    float[] turned = new float[SIZE * SIZE];
    float[] expected = new float[SIZE * SIZE];
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        rows[i * SIZE + j] = i + j;
        turned[i * SIZE + j] = i + j == SIZE - 1 ? 1 : 0;
        expected[i * SIZE + j] = i + SIZE - 1 - j;
      }
    }
    try (NDManager scope = NDManager.newBaseManager(device, "PyTorch")) {
      NDArray product =
          scope
              .create(rows, new Shape(SIZE, SIZE))
              .matMul(scope.create(turned, new Shape(SIZE, SIZE)));
      if (!Arrays.equals(product.toFloatArray(), expected)) {
        throw new HoneException(
            ErrorCode.CLUSTER,
            "libtorch multiplies two matrices of %d by %d wrongly on %s. Use another machine, or another build of libtorch."
                .formatted(SIZE, SIZE, device));
      }
    }
  }
}
