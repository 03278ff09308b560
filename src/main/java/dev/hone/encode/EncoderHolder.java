package dev.hone.encode;

import dev.hone.torch.Encoder;
import dev.hone.torch.TorchRuntime;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one encoder of an executor's process, loaded once and at work for one task at a time.
 *
 * <p>Tasks of a process take turns: side by side, each with all of libtorch's threads, they would
 * want more threads than there are processors. The encoder stays loaded from task to task. It is
 * closed when another one is asked for, when the process ends, or when {@link #release} says that
 * no more tasks will come. This is the only state of a process in this room.
 */
final class EncoderHolder {
  private static final Logger LOG = LoggerFactory.getLogger(EncoderHolder.class);
  private static final EncoderHolder OF_THIS_PROCESS = new EncoderHolder();

  private final ReentrantLock atWork = new ReentrantLock();
  private EncoderSpec spec;
  private Encoder encoder;
  private boolean closesAtExit;

  /** What a task does with the encoder. */
  @FunctionalInterface
  interface Work {
    void with(Encoder encoder) throws InterruptedException;
  }

  private EncoderHolder() {}

  static EncoderHolder ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  /**
   * Waits for its turn, then works with the encoder.
   *
   * @param executors executors that share this host
   * @param hadoop how a model on S3 or HDFS is read
   * @throws InterruptedException if the task is killed while it waits
   */
  void use(EncoderSpec wanted, int executors, Configuration hadoop, Work work)
      throws InterruptedException {
    atWork.lockInterruptibly();
    try {
      int threads = wanted.threadsHere(executors);
      load(wanted, threads, hadoop);
      TorchRuntime.start(threads); // a setting of each thread, and this one may be new
      work.with(encoder);
    } finally {
      atWork.unlock();
    }
  }

  /** Closes the encoder once no task is at work with it; the next task loads its own. */
  void release() {
    atWork.lock();
    try {
      close();
    } finally {
      atWork.unlock();
    }
  }

  /** Whether an encoder is loaded. */
  boolean isLoaded() {
    atWork.lock();
    try {
      return encoder != null;
    } finally {
      atWork.unlock();
    }
  }

  private void load(EncoderSpec wanted, int threads, Configuration hadoop) {
    if (wanted.equals(spec)) {
      return;
    }
    close();
    encoder = wanted.open(threads, hadoop);
    spec = wanted;
    LOG.info("loaded the encoder {} with {} thread(s)", wanted.digest().substring(0, 12), threads);
    if (!closesAtExit) {
      closesAtExit = true;
      Runtime.getRuntime().addShutdownHook(new Thread(this::closeIfIdle, "hone-encoder"));
    }
  }

  /** A task that is still at work keeps its encoder to the end: the system frees its memory. */
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
    if (encoder != null) {
      Encoder closing = encoder;
      encoder = null;
      spec = null;
      closing.close();
    }
  }
}
