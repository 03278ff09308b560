package dev.hone.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.loss.CandidateColumns;
import dev.hone.loss.MultipleNegativesRanking;
import dev.hone.loss.RankingRow;
import dev.hone.model.ModelFolder;
import dev.hone.model.Tensor;
import dev.hone.text.LengthBuckets;
import dev.hone.text.TextRole;
import dev.hone.text.TokenBatch;
import dev.hone.text.TokenizedText;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import dev.hone.torch.GradientScope;
import dev.hone.torch.TorchOptimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * Trains a model on the batches of a source, with multiple negatives ranking and AdamW.
 *
 * <p>The same model, batches and options give the same weights, bit by bit, on the same type of
 * processor.
 */
public final class Training {
  private final Encoder encoder;
  private final AdamW optimizer;
  private final TrainingOptions options;
  private int nonFinite;

  private Training(Encoder encoder, AdamW optimizer, TrainingOptions options) {
    this.encoder = encoder;
    this.optimizer = optimizer;
    this.options = options;
  }

  /**
   * Runs all updates of the source.
   *
   * @return the tuned weights by Hugging Face name
   * @throws HoneException with {@link ErrorCode#DIVERGED} where loss or gradient stay not finite
   */
  public static SortedMap<String, Tensor> run(
      ModelFolder base, BatchSource source, TrainingOptions options, TrainingListener listener) {
    EncoderOptions encoding =
        EncoderOptions.training(
            options.threads(),
            options.maxLength(),
            options.precision(),
            options.dropout(),
            options.attentionDropout(),
            options.cache());
    try (Encoder encoder = Encoder.open(base, options.prompts(), encoding);
        TorchOptimizer operations = TorchOptimizer.open(options.cache());
        NDManager moments = encoder.scope()) {
      AdamW optimizer = new AdamW(operations, encoder.parameters(), options.weightDecay(), moments);
      Training training = new Training(encoder, optimizer, options);
      for (int step = 0; source.hasNext(); step++) {
        listener.updated(training.update(step, source.next()), source.updates());
      }
      return encoder.weights();
    }
  }

  private TrainingUpdate update(int step, TrainingBatch batch) {
    long start = System.nanoTime();
    CandidateColumns columns =
        options.maskFalseNegatives()
            ? CandidateColumns.of(batch.rows())
            : CandidateColumns.unmasked(batch.rows());
    List<TokenizedText> tokens = tokens(batch.rows(), columns);
    encoder.seed(seed(step));
    double loss = accumulateGradients(tokens, columns);
    double norm = optimizer.gradientNorm();
    double rate = options.schedule().at(step);
    if (Double.isFinite(loss) && Double.isFinite(norm)) {
      nonFinite = 0;
      double factor = Math.min(1, options.maxGradientNorm() / (norm + 1e-6));
      if (factor < 1) {
        optimizer.scaleGradients(factor);
      }
      optimizer.update(rate);
    } else if (++nonFinite >= options.nonFiniteLimit()) {
      throw new HoneException(
          ErrorCode.DIVERGED,
          "Training diverged at step %d: loss %s, gradient norm %s, %d updates in a row. Lower train.learning-rate (it is %s), or raise train.warmup-ratio."
              .formatted(step, loss, norm, nonFinite, options.schedule().rate()));
    }
    optimizer.clearGradients();
    return new TrainingUpdate(
        step,
        batch.epoch(),
        batch.dataset(),
        loss,
        rate,
        norm,
        batch.rows().size(),
        tokens.stream().mapToLong(text -> text.ids().length).sum(),
        (System.nanoTime() - start) / 1e9);
  }

  /** Queries first, then the candidates in column order. */
  private List<TokenizedText> tokens(List<RankingRow> rows, CandidateColumns columns) {
    List<String> queries = rows.stream().map(RankingRow::queryText).toList();
    List<String> documents = new ArrayList<>();
    for (CandidateColumns.Slot slot : columns.slots()) {
      RankingRow row = rows.get(slot.row());
      documents.add(
          (slot.negative() < 0 ? row.positive() : row.negatives().get(slot.negative())).text());
    }
    List<TokenizedText> tokens = new ArrayList<>(encoder.tokenize(queries, TextRole.QUERY));
    tokens.addAll(encoder.tokenize(documents, TextRole.DOCUMENT));
    return tokens;
  }

  private double accumulateGradients(List<TokenizedText> tokens, CandidateColumns columns) {
    try (NDManager scope = encoder.scope();
        GradientScope gradients = GradientScope.open()) {
      NDArray embedded = embedInOrder(tokens, scope);
      NDArray queries = embedded.get(":" + columns.rows());
      NDArray candidates = embedded.get(columns.rows() + ":");
      NDArray loss =
          new MultipleNegativesRanking(options.scale()).loss(queries, candidates, columns);
      gradients.backward(loss);
      return loss.getFloat();
    }
  }

  /** Embeds texts in chunks of one length each, and puts the rows back in the texts' order. */
  private NDArray embedInOrder(List<TokenizedText> tokens, NDManager scope) {
    NDList chunks = new NDList();
    long[] rowOf = new long[tokens.size()];
    int row = 0;
    for (int[] positions : LengthBuckets.plan(tokens, options.chunkTokens())) {
      List<TokenizedText> members = Arrays.stream(positions).mapToObj(tokens::get).toList();
      chunks.add(encoder.embed(TokenBatch.of(members), scope));
      for (int position : positions) {
        rowOf[position] = row++;
      }
    }
    return NDArrays.concat(chunks).get(scope.create(rowOf));
  }

  /** Spreads seed and step over all bits (Steele et al. 2014, SplitMix64's finalizer). */
  private long seed(int step) {
    long mixed = options.seed() * 0x9E3779B97F4A7C15L + step + 1;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
