package dev.hone.train;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.loss.BatchLoss;
import dev.hone.loss.BatchRows;
import dev.hone.text.TextRole;
import dev.hone.text.TokenBatch;
import dev.hone.text.TokenizedText;
import dev.hone.torch.Encoder;
import dev.hone.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a batch's rows to gradients of the parameters. */
final class BatchGradients {
  private static final Logger LOG = LoggerFactory.getLogger(BatchGradients.class);
  private static final int RANK = 0;

  private final Encoder encoder;
  private final TrainingOptions options;

  BatchGradients(Encoder encoder, TrainingOptions options) {
    this.encoder = encoder;
    this.options = options;
  }

  /**
   * What was computed on the way.
   *
   * @param loss mean over the loss's rows
   * @param tokens of all texts, without padding
   */
  record Made(double loss, long tokens) {}

  /**
   * A batch whose gradients are still to be made.
   *
   * @param asked how batches of its data set are trained on
   * @param texts queries first, then documents, in the order of the loss
   * @param loss over their embeddings, a mean over its rows
   */
  record Prepared(
      DatasetTraining asked, List<TokenizedText> texts, BatchLoss loss, DropoutSeeds seeds) {}

  /**
   * Makes out what a batch's loss compares.
   *
   * @param part which of the update's batches, from 0
   * @param asked how batches of its data set are trained on
   */
  Prepared prepare(int step, int part, DatasetTraining asked, BatchRows rows) {
    TrainingLoss.OfBatch batch = asked.loss().over(rows);
    if (batch.loss().rows() == 0) {
      LOG.warn(
          "step {}: none of {} rows has a hard negative, so they teach nothing; loosen mine.relative-margin, or set train.loss = mnrl",
          step,
          rows.size());
    }
    return new Prepared(
        asked,
        texts(batch, asked),
        batch.loss(),
        new DropoutSeeds(options.seed(), step, part, RANK));
  }

  /**
   * Adds the gradients of a batch's loss to those of the parameters.
   *
   * @throws HoneException with {@link ErrorCode#CLUSTER} where the memory does not suffice
   */
  Made add(Prepared batch) {
    List<TokenizedText> texts = batch.texts();
    try {
      double value = batch.asked().gradients().add(encoder, texts, batch.loss(), batch.seeds());
      return new Made(value, texts.stream().mapToLong(text -> text.ids().length).sum());
    } catch (HoneException e) {
      throw e;
    } catch (RuntimeException e) {
      throw TorchRuntime.isOutOfMemory(e)
          ? outOfMemory(texts, batch.asked(), options.batchRows(), e)
          : e;
    }
  }

  /** Names the largest chunk of a batch, which is what a smaller setting makes smaller. */
  static HoneException outOfMemory(
      List<TokenizedText> texts, DatasetTraining asked, int batchRows, RuntimeException cause) {
    TokenBatch largest =
        asked.gradients().chunks(texts).all().stream()
            .map(TextChunks.Chunk::batch)
            .max(Comparator.comparingLong(batch -> (long) batch.rows() * batch.tokens()))
            .orElseThrow();
    return new HoneException(
        ErrorCode.CLUSTER,
        "Training ran out of memory: a batch of up to %d rows, which are %d texts, queries and documents together, in chunks of up to %d texts x %d tokens, does not fit. Lower %s train.negatives-per-query or train.max-length (%d tokens), or give the process more memory beside its heap (spark.executor.memoryOverhead)."
            .formatted(
                batchRows,
                texts.size(),
                largest.rows(),
                largest.tokens(),
                asked.gradients().whatNeedsMemory(),
                asked.maxLength()),
        cause);
  }

  /** Queries first, then documents, in the order of the loss. */
  private List<TokenizedText> texts(TrainingLoss.OfBatch batch, DatasetTraining asked) {
    List<TokenizedText> texts = new ArrayList<>(tokens(batch.queries(), TextRole.QUERY, asked));
    texts.addAll(tokens(batch.documents(), TextRole.DOCUMENT, asked));
    return texts;
  }

  private List<TokenizedText> tokens(List<String> texts, TextRole role, DatasetTraining asked) {
    return encoder.tokenize(texts, role, asked.prompts(), asked.maxLength());
  }
}
