package dev.hone.train;

import dev.hone.loss.CandidateColumns;
import dev.hone.loss.RankingRow;
import dev.hone.text.TextRole;
import dev.hone.text.TokenizedText;
import dev.hone.torch.Encoder;
import java.util.ArrayList;
import java.util.List;

/** From a batch's rows to gradients of the parameters. */
final class BatchGradients {
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
    double loss =
        options
            .gradients()
            .add(
                encoder,
                texts,
                options.loss().over(columns),
                new DropoutSeeds(options.seed(), step, RANK));
    return new Made(loss, texts.stream().mapToLong(text -> text.ids().length).sum());
  }

  /** Queries first, then the candidates in column order. */
  private List<TokenizedText> texts(List<RankingRow> rows, CandidateColumns columns) {
    List<String> queries = rows.stream().map(RankingRow::queryText).toList();
    List<String> documents = new ArrayList<>();
    for (CandidateColumns.Slot slot : columns.slots()) {
      RankingRow row = rows.get(slot.row());
      documents.add(
          (slot.negative() < 0 ? row.positive() : row.negatives().get(slot.negative())).text());
    }
    List<TokenizedText> texts = new ArrayList<>(encoder.tokenize(queries, TextRole.QUERY));
    texts.addAll(encoder.tokenize(documents, TextRole.DOCUMENT));
    return texts;
  }
}
