package dev.hone.encode;

import dev.hone.torch.TorchRuntime;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one model of an executor's process, encoder or cross-encoder, loaded once and at work for one
 * task at a time.
 *
 * <p>Tasks of a process take turns: side by side, each with all of libtorch's threads, they would
 * want more threads than there are processors. The model stays loaded from task to task. It is
 * closed when another one is asked for, when the process ends, or when {@link #release} says that
 * no more tasks will come. This is the only state of a process in this room.
 */
final class EncoderHolder {
  private static final Logger LOG = LoggerFactory.getLogger(EncoderHolder.class);
  private static final EncoderHolder OF_THIS_PROCESS = new EncoderHolder();

  private final ReentrantLock atWork = new ReentrantLock();
  private ModelSpec<?> spec;
  private AutoCloseable model;
  private boolean closesAtExit;

  /** What a task does with the model. */
  @FunctionalInterface
  interface Work<M> {
    void with(M model) throws InterruptedException;
  }

  private EncoderHolder() {}

  static EncoderHolder ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  /**
   * Waits for its turn, then works with the model.
   *
   * @param executors executors that share this host
   * @param hadoop how a model on S3 or HDFS is read
   * @throws InterruptedException if the task is killed while it waits
   */
  <M extends AutoCloseable> void use(
      ModelSpec<M> wanted, int executors, Configuration hadoop, Work<M> work)
      throws InterruptedException {
    atWork.lockInterruptibly();
    try {
      int threads = wanted.threadsHere(executors);
      M loaded = load(wanted, threads, hadoop);
      TorchRuntime.start(threads); // a setting of each thread, and this one may be new
      work.with(loaded);
    } finally {
      atWork.unlock();
    }
  }

  /** Closes the model once no task is at work with it; the next task loads its own. */
  void release() {
    atWork.lock();
    try {
      close();
    } finally {
      atWork.unlock();
    }
  }

  /** Whether a model is loaded. */
  boolean isLoaded() {
    atWork.lock();
    try {
      return model != null;
    } finally {
      atWork.unlock();
    }
  }

  private <M extends AutoCloseable> M load(ModelSpec<M> wanted, int threads, Configuration hadoop) {
    if (wanted.equals(spec)) {
      return wanted.type().cast(model);
    }
    close();
    M opened = wanted.open(threads, hadoop);
    model = opened;
    spec = wanted;
    LOG.info("loaded the model {} with {} thread(s)", wanted.digest().substring(0, 12), threads);
    if (!closesAtExit) {
      closesAtExit = true;
      Runtime.getRuntime().addShutdownHook(new Thread(this::closeIfIdle, "hone-encoder"));
    }
    return opened;
  }

  /** A task that is still at work keeps its model to the end: the system frees its memory. */
  private void closeIfIdle() {
    if (atWork.tryLock()) {
      try {
        close();
      } finally {
        atWork.unlock();
      }
    }
  }

  private void close() {
    if (model != null) {
      AutoCloseable closing = model;
      model = null;
      spec = null;
      try {
        closing.close();
      } catch (Exception e) { // models throw none that is checked
        throw new IllegalStateException("Cannot close a model", e);
      }
    }
  }
}
