package dev.hone.cluster;

import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import dev.hone.train.Advice;
import dev.hone.train.TrainingUpdate;
import dev.hone.train.ValidationHistory;
import dev.hone.train.ValidationResult;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** What a rank returns: rows of its tables, each beside the name of its table. */
final class RankRows {
  private RankRows() {}

  /** The rows of updates, validations and advice. */
  static List<Row> of(
      List<TrainingUpdate> updates, ValidationHistory validations, List<Advice> advice) {
    List<Row> rows = new ArrayList<>();
    for (TrainingUpdate update : updates) {
      rows.add(RowFactory.create(Tables.TRAINING_LOG.name(), row(update)));
    }
    for (ValidationResult result : validations.results()) {
      for (ValidationResult.Score score : result.scores()) {
        Row row = row(result, score, result.step() == validations.best());
        rows.add(RowFactory.create(Tables.VALIDATION_LOG.name(), row));
      }
    }
    for (Advice one : advice) {
      rows.add(RowFactory.create(Tables.ADVICE.name(), row(one)));
    }
    return rows;
  }

  /** The rows of one table. */
  static List<Row> of(TableDefinition table, List<Row> rows) {
    return rows.stream()
        .filter(row -> row.getString(0).equals(table.name()))
        .map(row -> row.getStruct(1))
        .toList();
  }

  private static Row row(TrainingUpdate update) {
    return RowFactory.create(
        update.step(),
        update.epoch(),
        update.dataset(),
        update.loss(),
        update.learningRate(),
        update.gradientNorm(),
        update.examples() / update.seconds(),
        update.tokens() / update.seconds());
  }

  private static Row row(Advice advice) {
    return RowFactory.create(
        advice.from(),
        advice.to(),
        advice.kind().label(),
        advice.evidence(),
        advice.suggestion(),
        advice.dataset());
  }

  private static Row row(ValidationResult result, ValidationResult.Score score, Boolean best) {
    return RowFactory.create(
        result.step(),
        result.epoch(),
        score.dataset(),
        score.metric(),
        score.k(),
        score.value(),
        score.base(),
        result.criterion(),
        best);
  }
}
