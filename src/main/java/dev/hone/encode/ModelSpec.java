package dev.hone.encode;

import dev.hone.torch.TorchRuntime;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/** Which model an executor's process is to load, in a form that travels there. */
sealed interface ModelSpec<M extends AutoCloseable> extends Serializable
    permits EncoderSpec, PairScorerSpec {
  /** As many threads as an executor may have. */
  int ALL_THREADS = 0;

  /** The class of the loaded model. */
  Class<M> type();

  /** The model's digest. */
  String digest();

  /** The most threads of libtorch; {@link #ALL_THREADS} for an executor's whole share. */
  int threads();

  /** Loads the model in this process. */
  M open(int threadsHere, Configuration hadoop);

  /**
   * The threads of a model in this process: with those of the other executors on this host never
   * more than it has processors. No result depends on them.
   *
   * @param executors executors that share this host, at least 1
   */
  default int threadsHere(int executors) {
    return threads(TorchRuntime.processors(), executors);
  }

  /** The same with so many processors. */
  default int threads(int processors, int executors) {
    int share = Math.max(1, processors / executors);
    return threads() == ALL_THREADS ? share : Math.min(threads(), share);
  }
}
