package dev.hone.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.store.SharedCache;
import dev.hone.text.Prompts;
import dev.hone.text.TextRole;
import dev.hone.torch.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One encoder per process, loaded once, at work for one task at a time. */
class EncoderHolderTest {
  private static EncoderSpec spec;
  private static final Configuration HADOOP = new Configuration(false);
  private final EncoderHolder holder = EncoderHolder.ofThisProcess();

  @BeforeAll
  static void unpack() {
    LocalCache cache = SharedCache.open();
    ModelFolder model =
        ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration(false));
    spec =
        EncoderSpec.of(
            ModelReference.to("builtin:all-MiniLM-L6-v2", model),
            model,
            cache,
            64,
            Prompts.NONE,
            Precision.FP32,
            EncoderSpec.ALL_THREADS);
  }

  @AfterEach
  void release() {
    holder.release();
  }

  private Encoder used(EncoderSpec wanted) throws InterruptedException {
    AtomicReference<Encoder> encoder = new AtomicReference<>();
    holder.use(wanted, 1, HADOOP, encoder::set);
    return encoder.get();
  }

  @Test
  void encoderStaysFromTaskToTaskUntilAnotherIsAskedFor() throws InterruptedException {
    Encoder first = used(spec);
    assertThat(used(spec)).isSameAs(first);
    EncoderSpec other =
        new EncoderSpec(
            spec.model(), spec.cache(), false, 32, "", "", Precision.FP32, spec.threads());
    assertThat(used(other)).isNotSameAs(first);
    assertThatThrownBy(() -> first.encode(List.of("text"), TextRole.DOCUMENT))
        .as("the first one is closed")
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void tasksTakeTurns() throws Exception {
    AtomicInteger atWork = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService tasks = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            tasks.submit(
                () -> {
                  start.await();
                  holder.use(
                      spec,
                      1,
                      HADOOP,
                      encoder -> {
                        most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
                        encoder.encode(List.of("a text", "another"), TextRole.DOCUMENT);
                        atWork.decrementAndGet();
                      });
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      tasks.shutdown();
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void killedTaskDoesNotWaitForItsTurn() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      holder.use(
          spec,
          1,
          HADOOP,
          encoder -> {
            CountDownLatch waiting = new CountDownLatch(1);
            Future<?> task =
                other.submit(
                    () -> {
                      Thread.currentThread().interrupt();
                      waiting.countDown();
                      holder.use(spec, 1, HADOOP, unused -> {});
                      return null;
                    });
            waiting.await();
            assertThatThrownBy(task::get).hasCauseInstanceOf(InterruptedException.class);
          });
    } finally {
      other.shutdown();
    }
  }

  @Test
  void workThatFailsLetsTheNextTaskIn() throws InterruptedException {
    assertThatThrownBy(
            () ->
                holder.use(
                    spec,
                    1,
                    HADOOP,
                    encoder -> {
                      throw new IllegalStateException("a fault");
                    }))
        .hasMessage("a fault");
    assertThat(used(spec).encode(List.of("text"), TextRole.DOCUMENT).vectors())
        .hasDimensions(1, 384);
  }
}
