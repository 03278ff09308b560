package dev.hone.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A loaded TorchScript archive: its parameters and its methods. */
final class ScriptModule implements AutoCloseable {
  private final Model model;
  private final PtSymbolBlock block;

  private ScriptModule(Model model) {
    this.model = model;
    this.block = (PtSymbolBlock) model.getBlock();
  }

  /**
   * Loads an archive from local disk.
   *
   * @param folder the archive's folder
   * @param name its file name without {@code .pt}
   * @param trained whether its parameters are wanted
   */
  static ScriptModule load(Path folder, String name, boolean trained) {
    Model model = Model.newInstance(name, Device.cpu(), "PyTorch");
    try {
      model.load(folder, name, Map.of("trainParam", String.valueOf(trained)));
      return new ScriptModule(model);
    } catch (IOException e) {
      model.close();
      throw new UncheckedIOException(e);
    } catch (MalformedModelException | RuntimeException e) {
      model.close();
      throw new IllegalStateException("libtorch refuses " + folder.resolve(name + ".pt"), e);
    }
  }

  NDManager manager() {
    return model.getNDManager();
  }

  /** Runs {@code forward}; the result belongs to the first input's manager. */
  NDArray evaluate(NDArray... inputs) {
    JniUtils.enableInferenceMode(block);
    return run(false, inputs);
  }

  /** Runs another method without dropout; the result belongs to the scope. */
  NDArray evaluate(String method, NDManager scope, NDArray... inputs) {
    JniUtils.enableInferenceMode(block);
    return call(
        scope,
        method,
        Arrays.stream(inputs).map(input -> IValue.from((PtNDArray) input)).toArray(IValue[]::new));
  }

  /** Runs {@code forward} with dropout on, recording gradients inside a {@link GradientScope}. */
  NDArray train(NDArray... inputs) {
    JniUtils.enableTrainingMode(block); // DJL's own switch misses a module loaded in eval mode
    return run(true, inputs);
  }

  private NDArray run(boolean training, NDArray... inputs) {
    plainExecutor();
    ParameterStore parameters = new ParameterStore(manager(), false);
    return ProcessEnd.operation(
        () -> block.forward(parameters, new NDList(inputs), training).singletonOrThrow());
  }

  /** The module's own tensors by dotted name; changing one changes the module. */
  SortedMap<String, NDArray> parameters() {
    SortedMap<String, NDArray> parameters = new TreeMap<>();
    for (Pair<String, Parameter> parameter : block.getDirectParameters()) {
      parameters.put(parameter.getKey(), parameter.getValue().getArray());
    }
    return parameters;
  }

  /** Runs a method that returns a tensor. */
  NDArray call(NDManager scope, String method, IValue... arguments) {
    plainExecutor();
    try (IValue result =
        ProcessEnd.operation(() -> IValueUtils.runMethod(block, method, arguments))) {
      return result.toTensor((PtNDManager) scope);
    } finally {
      for (IValue argument : arguments) {
        argument.close();
      }
    }
  }

  /**
   * Turns the profiling executor off, which is a switch of the thread: it compiles anew for each
   * shape, and batches come in hundreds of shapes (measured: 20 s an update instead of 1.6 s).
   */
  private static void plainExecutor() {
    JniUtils.setGraphExecutorOptimize(false);
  }

  static IValue list(Collection<NDArray> arrays) {
    return IValue.listFrom(arrays.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
  }

  @Override
  public void close() {
    model.close();
  }
}
