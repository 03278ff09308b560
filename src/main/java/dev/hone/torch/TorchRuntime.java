package dev.hone.torch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Starts libtorch in this process. */
public final class TorchRuntime {
  /** libtorch's threads are the process's, so whoever uses all of them has to be alone. */
  private static final ReentrantLock TURN = new ReentrantLock();

  /** What libtorch's allocators say. */
  private static final List<String> OUT_OF_MEMORY =
      List.of("can't allocate memory", "not enough memory", "out of memory");

  private TorchRuntime() {}

  /**
   * Done once in a process: freeing a block of this size tells glibc's malloc to keep blocks up to
   * it for the next tensor. Else each large tensor is mapped, filled with zeros page by page and
   * unmapped again, which costs bf16 a third of its speed.
   */
  private static final class LargeTensors {
    private static final int FLOATS = 8_300_000; // just below malloc's limit of 32 MiB

    static {
      try (NDManager scope = scope()) {
        scope.zeros(new Shape(FLOATS)).close();
      }
    }

    private LargeTensors() {}

    static void keep() {}
  }

  /**
   * Loads libtorch and sets its threads; the calling thread records no gradients afterwards.
   *
   * @param threads threads of an operation, at least 1; results of training depend on it
   * @throws HoneException if the native library cannot be loaded
   */
  public static void start(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1: " + threads);
    }
    try {
      Engine.getEngine("PyTorch");
      LargeTensors.keep();
      ProcessEnd.waitsForOperations();
      if (JniUtils.getNumThreads() != threads) {
        JniUtils.setNumThreads(threads);
      }
      JniUtils.setGradMode(false);
    } catch (EngineException | UnsatisfiedLinkError e) {
      throw new HoneException(
          ErrorCode.CLUSTER,
          "Cannot load libtorch: "
              + e.getMessage()
              + ". Check that lib/ holds pytorch-native-cpu for this platform (Linux, glibc 2.28 or newer), or set PYTORCH_LIBRARY_PATH.",
          e);
    }
  }

  /**
   * Computes while no other thread of this process does: side by side, each with all of libtorch's
   * threads, they would want more threads than there are processors.
   */
  public static <T> T inTurn(Supplier<T> work) {
    TURN.lock();
    try {
      return ProcessEnd.operation(work);
    } finally {
      TURN.unlock();
    }
  }

  /** Whether libtorch failed because memory did not suffice, the machine's or a GPU's. */
  public static boolean isOutOfMemory(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof EngineException && OUT_OF_MEMORY.stream().anyMatch(message::contains)) {
        return true;
      }
    }
    return false;
  }

  /** A scope for tensors outside any model; close it. */
  public static NDManager scope() {
    return NDManager.newBaseManager("PyTorch");
  }

  /** Processors of this machine: the threads to take where nothing else runs on it. */
  public static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }
}
