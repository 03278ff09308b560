package dev.hone.train;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.loss.BatchLoss;
import dev.hone.loss.CandidateColumns;
import dev.hone.loss.RankingRow;
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
   * @param texts queries first, then the candidates in column order
   * @param loss over their embeddings, a mean over its rows
   */
  record Prepared(List<TokenizedText> texts, BatchLoss loss, DropoutSeeds seeds) {}

  /**
   * Makes out what a batch's loss compares.
   *
   * @param part which of the update's batches, from 0
   */
  Prepared prepare(int step, int part, List<RankingRow> rows) {
    CandidateColumns columns = options.loss().columns(rows);
    List<TokenizedText> texts = texts(rows, columns);
    BatchLoss loss = options.loss().over(columns);
    if (loss.rows() == 0) {
      LOG.warn(
          "step {}: none of {} rows has a hard negative, so they teach nothing; loosen mine.relative-margin, or set train.loss = mnrl",
          step,
          rows.size());
    }
    return new Prepared(texts, loss, new DropoutSeeds(options.seed(), step, part, RANK));
  }

  /**
   * Adds the gradients of a batch's loss to those of the parameters.
   *
   * @throws HoneException with {@link ErrorCode#CLUSTER} where the memory does not suffice
   */
  Made add(Prepared batch) {
    List<TokenizedText> texts = batch.texts();
    try {
      double value = options.gradients().add(encoder, texts, batch.loss(), batch.seeds());
      return new Made(value, texts.stream().mapToLong(text -> text.ids().length).sum());
    } catch (HoneException e) {
      throw e;
    } catch (RuntimeException e) {
      throw TorchRuntime.isOutOfMemory(e) ? outOfMemory(texts, options, e) : e;
    }
  }

  /** Names the largest chunk of a batch, which is what a smaller setting makes smaller. */
  static HoneException outOfMemory(
      List<TokenizedText> texts, TrainingOptions options, RuntimeException cause) {
    TokenBatch largest =
        options.gradients().chunks(texts).all().stream()
            .map(TextChunks.Chunk::batch)
            .max(Comparator.comparingLong(batch -> (long) batch.rows() * batch.tokens()))
            .orElseThrow();
    return new HoneException(
        ErrorCode.CLUSTER,
        "Training ran out of memory: a batch of up to %d rows, which are %d texts, queries and documents together, in chunks of up to %d texts x %d tokens, does not fit. Lower %s train.negatives-per-query or train.max-length (%d tokens), or give the process more memory beside its heap (spark.executor.memoryOverhead)."
            .formatted(
                options.batchRows(),
                texts.size(),
                largest.rows(),
                largest.tokens(),
                options.gradients().whatNeedsMemory(),
                options.maxLength()),
        cause);
  }

  /** Queries first, then the candidates in column order. */
  private List<TokenizedText> texts(List<RankingRow> rows, CandidateColumns columns) {
    List<String> queries = rows.stream().map(RankingRow::queryText).toList();
    List<String> documents = columns.slots().stream().map(slot -> slot.in(rows).text()).toList();
    List<TokenizedText> texts = new ArrayList<>(encoder.tokenize(queries, TextRole.QUERY));
    texts.addAll(encoder.tokenize(documents, TextRole.DOCUMENT));
    return texts;
  }
}
