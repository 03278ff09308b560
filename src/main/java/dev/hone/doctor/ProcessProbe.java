package dev.hone.doctor;

import dev.hone.error.HoneException;
import dev.hone.store.LocalCache;
import dev.hone.text.TokenizedText;
import dev.hone.text.TokenizerSpec;
import dev.hone.torch.Processor;
import dev.hone.torch.TorchProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Finds out what the process that it runs in can do; whatever fails becomes a fact.
 *
 * @param cache the cache's folder on every host
 * @param limit the most time of one trial
 */
record ProcessProbe(Path cache, Duration limit) {
  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
       "post_processor": null, "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "two": 1, "words": 2}}}
      """;

  private static final Processor.Speed UNKNOWN = new Processor.Speed(0, 0);
  private static final String TEXT = "Two words";
  private static final long[] IDS = {1, 2};

  /**
   * Tries everything.
   *
   * @param gpuAddresses the GPUs that Spark gives to a task here
   * @param storage how a trial of the workspace ended
   */
  ProcessFacts examine(Place place, List<String> gpuAddresses, Outcome storage) {
    AtomicInteger gpus = new AtomicInteger();
    AtomicReference<Processor.Speed> speed = new AtomicReference<>(UNKNOWN);
    AtomicLong free = new AtomicLong();
    Outcome cached = Outcome.of(limit, () -> tryCache(free));
    Outcome torch = Outcome.of(limit, () -> torch(gpus));
    return new ProcessFacts(
        place,
        Machine.here(),
        torch,
        gpus.get(),
        Outcome.of(limit, ProcessProbe::tokenizers),
        Outcome.of(limit, () -> measure(speed)),
        speed.get(),
        gpuAddresses,
        Outcome.of(limit, () -> gpus(gpuAddresses, gpus.get())),
        cached,
        free.get(),
        storage);
  }

  private static String torch(AtomicInteger gpus) {
    TorchProbe.Result result = TorchProbe.onProcessor();
    gpus.set(result.gpus());
    return "libtorch " + result.version() + " multiplies rightly";
  }

  /** One thread: other executors of this host may measure at the same time. */
  private String measure(AtomicReference<Processor.Speed> speed) {
    speed.set(Processor.measure(1, LocalCache.at(cache)));
    return "measured";
  }

  private static String gpus(List<String> addresses, int seen) {
    for (String address : addresses) {
      if (address.matches("\\d{1,4}") && Integer.parseInt(address) < seen) {
        TorchProbe.onGpu(Integer.parseInt(address));
      }
    }
    return "multiplies rightly";
  }

  private static String tokenizers() {
    try (var tokenizer = new TokenizerSpec(TOKENIZER, IDS.length, "", "").open()) {
      TokenizedText text = tokenizer.tokenize(List.of(TEXT)).get(0);
      if (!Arrays.equals(text.ids(), IDS)) {
        throw new IllegalStateException(
            "\"%s\" became the tokens %s, not %s"
                .formatted(TEXT, Arrays.toString(text.ids()), Arrays.toString(IDS)));
      }
      return "tokenizes rightly";
    } catch (HoneException e) { // it speaks of a model's file, but this one is right
      throw new IllegalStateException("a known tokenizer cannot be opened", e.getCause());
    }
  }

  /** Checked for the folder of the driver: that is where the steps look on every host. */
  private String tryCache(AtomicLong free) throws IOException {
    LocalCache local = LocalCache.at(cache);
    Path probe = Files.createTempFile(local.root(), "doctor", ".tmp");
    try {
      free.set(Files.getFileStore(probe).getUsableSpace());
      return local.root().toString();
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
