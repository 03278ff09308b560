package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.ParentDocuments;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether two evaluations asked the same questions: the evaluated queries and their judgements. */
final class SameData {
  private static final Logger LOG = LoggerFactory.getLogger(SameData.class);
  private static final String DOCUMENTS = "documents";

  private final Side left;
  private final Side right;
  private final SortedMap<String, String> splits;

  /**
   * The data of two evaluations.
   *
   * @param splits the data sets to look at, with the split that was evaluated
   */
  SameData(Side left, Side right, SortedMap<String, String> splits) {
    this.left = left;
    this.right = right;
    this.splits = splits;
  }

  /**
   * One evaluation's data.
   *
   * @param name for messages
   */
  record Side(String name, StageContext context, Commit data) {
    Dataset<Row> table(TableDefinition table) {
      return context.read(data, table);
    }
  }

  /** How many rows of a kind only one side has. */
  private record Differing(String dataset, String kind, long left, long right) {}

  /**
   * Says what differs. Other documents are a warning: the judged ones are the same.
   *
   * @throws HoneException with {@link ErrorCode#INPUT} if queries, judgements or pairs differ
   */
  void require() {
    List<String> refused = new ArrayList<>();
    for (Differing differing : differing()) {
      String counts =
          "data set %s: %d %s only in %s, %d only in %s"
              .formatted(
                  differing.dataset(),
                  differing.left(),
                  differing.kind(),
                  left.name(),
                  differing.right(),
                  right.name());
      if (differing.kind().equals(DOCUMENTS)) {
        LOG.warn("{}: what is found among other documents compares with care.", counts);
      } else {
        refused.add(counts);
      }
    }
    if (!refused.isEmpty()) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot compare %s with %s: they were evaluated on other data.%n%s%nEvaluate both with the same sources, split and normalize options, or leave the data set out of one of them."
              .formatted(left.name(), right.name(), String.join("\n", refused)));
    }
  }

  private List<Differing> differing() {
    SortedMap<List<String>, long[]> counts =
        new TreeMap<>((a, b) -> String.join("\t", a).compareTo(String.join("\t", b)));
    rows(left)
        .withColumn("side", lit(0))
        .unionAll(rows(right).withColumn("side", lit(1)))
        .groupBy("dataset", "kind", "row")
        .agg(min("side").as("side"), max("side").as("last"))
        .filter("side = last")
        .groupBy("dataset", "kind", "side")
        .count()
        .collectAsList()
        .forEach(
            row ->
                counts
                        .computeIfAbsent(
                            List.of(row.getString(0), row.getString(1)), key -> new long[2])[
                        row.getInt(2)] =
                    row.getLong(3));
    return counts.entrySet().stream()
        .map(
            entry ->
                new Differing(
                    entry.getKey().get(0),
                    entry.getKey().get(1),
                    entry.getValue()[0],
                    entry.getValue()[1]))
        .toList();
  }

  /** (dataset, kind, row): all that must be there on both sides, each as one text. */
  private Dataset<Row> rows(Side side) {
    Dataset<Row> queries = evaluated(side.table(Tables.QUERIES));
    Dataset<Row> documents =
        side.table(Tables.DOCUMENTS).filter(col("dataset").isin(splits.keySet().toArray()));
    Dataset<Row> judgements =
        side.table(Tables.JUDGEMENTS)
            .join(
                queries.select("dataset", "query_id"),
                Columns.names("dataset", "query_id"),
                "left_semi");
    return of("queries", queries, "query_id", "text")
        .unionAll(
            of(
                "judgements",
                ParentDocuments.judgements(judgements, documents),
                "query_id",
                "doc_id",
                "grade"))
        .unionAll(
            of(
                "scored pairs",
                evaluated(side.table(Tables.SCORED_PAIRS)),
                "pair_id",
                "text_a",
                "text_b",
                "score"))
        .unionAll(of(DOCUMENTS, documents, "doc_id", "content_hash"));
  }

  private Dataset<Row> evaluated(Dataset<Row> rows) {
    return splits.entrySet().stream()
        .map(
            entry ->
                col("dataset").equalTo(entry.getKey()).and(col("split").equalTo(entry.getValue())))
        .reduce((one, other) -> one.or(other))
        .map(rows::filter)
        .orElseThrow();
  }

  private static Dataset<Row> of(String kind, Dataset<Row> rows, String... columns) {
    return rows.select(
        col("dataset"), lit(kind).as("kind"), to_json(struct(Columns.of(columns))).as("row"));
  }
}
