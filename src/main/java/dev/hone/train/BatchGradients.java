package dev.hone.train;

import dev.hone.loss.BatchLoss;
import dev.hone.loss.CandidateColumns;
import dev.hone.loss.RankingRow;
import dev.hone.text.TextRole;
import dev.hone.text.TokenizedText;
import dev.hone.torch.Encoder;
import java.util.ArrayList;
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
   * @param loss mean over the rows
   * @param tokens of all texts, without padding
   */
  record Made(double loss, long tokens) {}

  /** Adds the gradients of a batch's loss to those of the parameters. */
  Made add(int step, List<RankingRow> rows) {
    CandidateColumns columns = options.loss().columns(rows);
    List<TokenizedText> texts = texts(rows, columns);
    BatchLoss loss = options.loss().over(columns);
    if (loss.rows() == 0) {
      LOG.warn(
          "step {}: none of {} rows has a hard negative, so they teach nothing; loosen mine.relative-margin, or set train.loss = mnrl",
          step,
          rows.size());
    }
    DropoutSeeds seeds = new DropoutSeeds(options.seed(), step, RANK);
    double value = options.gradients().add(encoder, texts, loss, seeds);
    return new Made(value, texts.stream().mapToLong(text -> text.ids().length).sum());
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
