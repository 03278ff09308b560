package dev.hone.bench;

import dev.hone.model.ModelFolder;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;
import dev.hone.text.TextRole;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import dev.hone.torch.Processor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A contestant: Hone's encoder in a process of its own, without Spark. */
public final class EncodeWorker {
  static final String AUTO = "auto";
  static final String FP32 = "fp32";

  private static final int WARM_UP_SHARE = 10;

  private EncodeWorker() {}

  /** Arguments: the texts' file, the model's folder, the cache, most tokens, threads, precision. */
  public static void main(String[] arguments) throws IOException {
    List<String> texts = BenchTexts.read(Path.of(arguments[0]));
    ModelFolder folder = ModelFolder.open(Path.of(arguments[1]));
    LocalCache cache = LocalCache.at(Path.of(arguments[2]));
    int maxLength = Integer.parseInt(arguments[3]);
    int threads = Integer.parseInt(arguments[4]);
    Precision precision =
        arguments[5].equals(AUTO)
            ? Processor.measure(threads, cache).best()
            : Precision.valueOf(arguments[5].toUpperCase(Locale.ROOT));
    EncoderOptions options = EncoderOptions.inference(threads, maxLength, precision, cache);
    try (Encoder encoder = Encoder.open(folder, Prompts.NONE, options)) {
      encoder.encode(BenchTexts.share(texts, 0, WARM_UP_SHARE), TextRole.DOCUMENT);
      Answers.give(
          precision.label(),
          Map.of(Answers.ROUND, Answers.whole(() -> encoder.encode(texts, TextRole.DOCUMENT))));
    }
  }
}
