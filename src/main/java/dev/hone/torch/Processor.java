package dev.hone.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.hone.model.Precision;
import dev.hone.model.TorchScriptArchive;
import dev.hone.store.LocalCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this machine's processor does well, found out by trying: whether libtorch has oneDNN's
 * products, and how fast products of matrices are in fp32 and in bf16.
 */
public final class Processor {
  private static final Logger LOG = LoggerFactory.getLogger(Processor.class);

  /** Raised when the script changes, so that no older archive is taken for it. */
  private static final int REVISION = 1;

  private static final int ROWS = 256;
  private static final int IN = 384;
  private static final int OUT = 1536;

  /** So short that some of many tries are not disturbed, whatever else runs on the machine. */
  private static final int TIMES = 1;

  private static final int TRIES = 60;
  private static final int FP32 = 6; // libtorch's ScalarType
  private static final int BF16 = 15;

  /** Bf16 costs digits, so it has to bring more than this. */
  private static final double LEAST_GAIN = 1.2;

  private Processor() {}

  /**
   * Billions of multiplications with addition per second.
   *
   * @param fp32 in fp32
   * @param bf16 in bf16
   */
  public record Speed(double fp32, double bf16) {
    /** The precision that {@code auto} stands for. */
    public Precision best() {
      return bf16 > LEAST_GAIN * fp32 ? Precision.BF16 : Precision.FP32;
    }
  }

  /** Whether libtorch was built with oneDNN. */
  static boolean hasOneDnn(LocalCache cache) {
    try {
      open(cache, true).close();
      return true;
    } catch (IllegalStateException e) {
      LOG.debug("this libtorch has no oneDNN", e);
      return false;
    }
  }

  /**
   * Measures both precisions with the process's threads; takes well under a second.
   *
   * @param threads libtorch's threads
   */
  public static Speed measure(int threads, LocalCache cache) {
    TorchRuntime.start(threads);
    boolean oneDnn = hasOneDnn(cache);
    try (ScriptModule script = open(cache, oneDnn);
        NDManager scope = script.manager().newSubManager()) {
      NDArray x = scope.ones(new Shape(ROWS, IN));
      NDArray weight = scope.ones(new Shape(OUT, IN));
      double fp32 = Double.MAX_VALUE;
      double bf16 = Double.MAX_VALUE;
      for (int i = 0; i < TRIES; i++) {
        fp32 = Math.min(fp32, seconds(script, oneDnn, x, weight, FP32));
        bf16 = Math.min(bf16, seconds(script, oneDnn, x, weight, BF16));
      }
      double products = 1e-9 * TIMES * ROWS * IN * OUT;
      return new Speed(products / fp32, products / bf16);
    }
  }

  private static double seconds(
      ScriptModule script, boolean oneDnn, NDArray x, NDArray weight, int type) {
    long start = System.nanoTime();
    try (NDManager scope = script.manager().newSubManager()) {
      script
          .call(
              scope,
              oneDnn ? "onednn" : "plain",
              IValue.from((PtNDArray) x),
              IValue.from((PtNDArray) weight),
              IValue.from((long) type),
              IValue.from((long) TIMES))
          .getFloat();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static ScriptModule open(LocalCache cache, boolean oneDnn) {
    String name = "products-" + REVISION + (oneDnn ? "-onednn" : "");
    Path folder = cache.entry(name, target -> write(target.resolve("products.pt"), oneDnn));
    return ScriptModule.load(folder, "products", false);
  }

  private static void write(Path file, boolean oneDnn) throws IOException {
    try (InputStream stream = Processor.class.getResourceAsStream("products.py")) {
      String source =
          new String(stream.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.strip().startsWith("#"))
              .collect(Collectors.joining("\n", "", "\n"));
      String without = source.substring(0, source.indexOf("  def onednn("));
      TorchScriptArchive.write(
          file, oneDnn ? source : without, TorchScriptArchive.Module.of("Products", Map.of()));
    }
  }
}
