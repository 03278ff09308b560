package dev.hone.encode;

import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;
import dev.hone.text.TextRole;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/**
 * Which model encodes, in a form that travels to an executor.
 *
 * @param model the model, which every host finds for itself
 * @param cache the cache's folder on every executor's host
 * @param unitLength whether vectors are brought to length 1 before they are compared
 * @param maxLength the most tokens of a text
 * @param queryPrompt put before queries
 * @param documentPrompt put before documents
 * @param precision what products of matrices are computed in
 * @param threads the most threads of libtorch; {@link #ALL_THREADS} for an executor's whole share
 */
public record EncoderSpec(
    ModelReference model,
    String cache,
    boolean unitLength,
    int maxLength,
    String queryPrompt,
    String documentPrompt,
    Precision precision,
    int threads)
    implements ModelSpec<Encoder> {
  /** As many threads as an executor may have. */
  public static final int ALL_THREADS = ModelSpec.ALL_THREADS;

  /** Raised when the vector of a text changes, so that no older one is taken for it. */
  private static final int REVISION = 1;

  /** Checks the number of threads. */
  public EncoderSpec {
    if (threads < ALL_THREADS) {
      throw new IllegalArgumentException("threads must be at least 0: " + threads);
    }
  }

  /**
   * A spec for a model.
   *
   * @param model where every host finds the folder
   */
  public static EncoderSpec of(
      ModelReference model,
      ModelFolder folder,
      LocalCache cache,
      int maxLength,
      Prompts prompts,
      Precision precision,
      int threads) {
    return new EncoderSpec(
        model,
        cache.root().toString(),
        folder.wantsUnitLength(),
        maxLength,
        prompts.query(),
        prompts.document(),
        precision,
        threads);
  }

  @Override
  public String digest() {
    return model.digest();
  }

  /** What is put before texts of a role. */
  public String prompt(TextRole role) {
    return switch (role) {
      case QUERY -> queryPrompt;
      case DOCUMENT -> documentPrompt;
    };
  }

  /** All that a text's vector depends on, but for the model's digest, the prompt and the text. */
  public String settings() {
    return "revision=%d max-length=%d precision=%s"
        .formatted(REVISION, maxLength, precision.label());
  }

  @Override
  public Class<Encoder> type() {
    return Encoder.class;
  }

  @Override
  public Encoder open(int threadsHere, Configuration hadoop) {
    LocalCache local = LocalCache.at(Path.of(cache));
    return Encoder.open(
        model.resolve(local, hadoop),
        new Prompts(queryPrompt, documentPrompt),
        EncoderOptions.inference(threadsHere, maxLength, precision, local));
  }
}
