package dev.hone.encode;

import dev.hone.model.ModelFolder;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * Which model encodes, in a form that travels to an executor.
 *
 * @param folder the model's folder, readable on every executor's host
 * @param cache the cache's folder on every executor's host
 * @param digest the model's digest
 * @param maxLength the most tokens of a text
 * @param queryPrompt put before queries
 * @param documentPrompt put before documents
 * @param precision what products of matrices are computed in
 * @param threads libtorch's threads
 */
public record EncoderSpec(
    String folder,
    String cache,
    String digest,
    int maxLength,
    String queryPrompt,
    String documentPrompt,
    Precision precision,
    int threads)
    implements Serializable {

  /** A spec for a model folder. */
  public static EncoderSpec of(
      ModelFolder folder,
      LocalCache cache,
      int maxLength,
      Prompts prompts,
      Precision precision,
      int threads) {
    return new EncoderSpec(
        folder.path().toString(),
        cache.root().toString(),
        folder.digest(),
        maxLength,
        prompts.query(),
        prompts.document(),
        precision,
        threads);
  }

  /** Loads the encoder in this process. */
  Encoder open() {
    LocalCache local = LocalCache.at(Path.of(cache));
    return Encoder.open(
        ModelFolder.open(Path.of(folder)),
        new Prompts(queryPrompt, documentPrompt),
        EncoderOptions.inference(threads, maxLength, precision, local));
  }
}
