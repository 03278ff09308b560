package dev.hone.mine;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.MineConfig;
import dev.hone.config.StrategyConfig;
import dev.hone.encode.Texts;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;

/**
 * Chooses negatives among candidates: filters in a fixed order, each candidate counted by the first
 * that drops it, then the quota of each strategy. What the data itself grades 0 is a candidate too.
 */
final class Selection {
  private static final String KEPT = "kept";
  private static final String QUOTA = "quota";

  /** The strategy of negatives that the data brings: no margin, window or quota holds for them. */
  private static final String GIVEN = "given";

  private final StageContext context;
  private final MineConfig options;
  private final Dataset<Row> judged;

  /**
   * Judges candidates, and what the data itself judges not relevant.
   *
   * @param datasets names of the data sets that are trained on
   * @param candidates rows of {@code candidates}
   */
  Selection(
      StageContext context,
      Commit normalForm,
      MineConfig options,
      List<String> datasets,
      Dataset<Row> candidates) {
    this.context = context;
    this.options = options;
    Dataset<Row> given = given(context, normalForm, datasets);
    this.judged =
        judge(context, normalForm, candidates.unionByName(given, true /* others are null */));
  }

  /** Documents of grade 0 for training queries, ranked by a hash. */
  private static Dataset<Row> given(
      StageContext context, Commit normalForm, List<String> datasets) {
    Dataset<Row> queries =
        context
            .read(normalForm, Tables.QUERIES)
            .filter(col("split").equalTo("train"))
            .filter(col("dataset").isin(datasets.toArray()))
            .select("dataset", "query_id");
    Column hash = Texts.hash(concat_ws("\u0001", col("query_id"), col("doc_id")));
    Column rank =
        row_number().over(Window.partitionBy("dataset", "query_id").orderBy(hash, col("doc_id")));
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter("grade = 0")
        .join(queries, Columns.names("dataset", "query_id"))
        .select(
            col("dataset"),
            col("query_id"),
            col("doc_id"),
            lit(0).as("round"),
            lit(GIVEN).as("miner"),
            rank.as("rank"));
  }

  /** The candidates with {@code verdict}: the filter that drops each, or {@code kept}. */
  private Dataset<Row> judge(StageContext context, Commit normalForm, Dataset<Row> candidates) {
    Dataset<Row> texts = documentTexts(context, normalForm);
    Dataset<Row> queries =
        context
            .read(normalForm, Tables.QUERIES)
            .select(col("dataset"), col("query_id"), Texts.hash(col("text")).as("query_hash"));
    Dataset<Row> answers = answers(context, normalForm, texts, queries);
    Dataset<Row> known = distinct(answers, "known", "query_hash", "document_hash");
    Dataset<Row> groups = distinct(answers, "group_known", "query_hash", "group_id");
    Dataset<Row> heldOut = heldOut(context, normalForm, texts);
    Dataset<Row> joined =
        candidates
            .join(texts, Columns.names("dataset", "doc_id"))
            .join(queries, Columns.names("dataset", "query_id"))
            .join(known, Columns.names("query_hash", "document_hash"), "left")
            .join(groups, Columns.names("query_hash", "group_id"), "left")
            .join(heldOut, Columns.names("document_hash"), "left");
    Column filtered = lit(KEPT);
    List<Map.Entry<String, Column>> filters = new ArrayList<>(filters().entrySet());
    Collections.reverse(filters);
    for (Map.Entry<String, Column> filter : filters) {
      filtered = when(coalesce(filter.getValue(), lit(false)), filter.getKey()).otherwise(filtered);
    }
    return quotas(joined.withColumn("verdict", filtered)).localCheckpoint();
  }

  private static Dataset<Row> documentTexts(StageContext context, Commit normalForm) {
    return context
        .read(normalForm, Tables.DOCUMENTS)
        .select(
            col("dataset"),
            col("doc_id"),
            Texts.hash(Texts.ofDocument()).as("document_hash"),
            col("group_id"));
  }

  /** Known answers over all data sets, by the contents of query and document. */
  private static Dataset<Row> answers(
      StageContext context, Commit normalForm, Dataset<Row> texts, Dataset<Row> queries) {
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter("grade > 0 or grade is null")
        .join(texts, Columns.names("dataset", "doc_id"))
        .join(queries, Columns.names("dataset", "query_id"))
        .select("query_hash", "document_hash", "group_id");
  }

  /** The different values of some columns, none of them null, with a mark. */
  private static Dataset<Row> distinct(Dataset<Row> rows, String mark, String... columns) {
    return rows.select(Columns.of(columns)).na().drop().distinct().withColumn(mark, lit(true));
  }

  /** Queries outside training, of any data set, and their answers: no text of them is used. */
  private static Dataset<Row> heldOut(StageContext context, Commit normalForm, Dataset<Row> texts) {
    Dataset<Row> queries =
        context
            .read(normalForm, Tables.QUERIES)
            .filter(col("split").isin("validation", "test"))
            .select(col("dataset"), col("query_id"), Texts.hash(col("text")).as("query_hash"));
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter("grade > 0")
        .join(queries, Columns.names("dataset", "query_id"))
        .join(texts, Columns.names("dataset", "doc_id"))
        .select("document_hash")
        .union(queries.select("query_hash"))
        .distinct()
        .withColumn("held_out", lit(true));
  }

  private Map<String, Column> filters() {
    Column score = col("filter_score");
    Column positive = col("filter_positive_score");
    Column isMined = col("miner").notEqual(GIVEN);
    Map<String, Column> filters = new LinkedHashMap<>();
    filters.put("known-positive", coalesce(col("known"), col("group_known")));
    filters.put("own-text", col("query_hash").equalTo(col("document_hash")));
    filters.put("held-out", col("held_out").and(isMined));
    filters.put(
        "window",
        col("rank")
            .leq(options.window().from())
            .or(col("rank").gt(options.window().to()))
            .and(isMined));
    filters.put("absolute-margin", score.gt(positive.minus(lit(options.absoluteMargin()))));
    filters.put(
        "relative-margin",
        score.gt(positive.minus(abs(positive).multiply(lit(options.relativeMargin())))));
    filters.put("min-score", score.lt(lit(options.minScore())));
    filters.put("max-score", score.gt(lit(options.maxScore())));
    if (Double.isInfinite(options.absoluteMargin())) {
      filters.remove("absolute-margin");
    }
    if (Double.isInfinite(options.relativeMargin())) {
      filters.remove("relative-margin");
    }
    return filters;
  }

  /** Among what is left, the quota of each strategy; the same document counts for the first. */
  private Dataset<Row> quotas(Dataset<Row> filtered) {
    Column order =
        options.selection() == dev.hone.config.Selection.TOP
            ? col("rank")
            : Texts.hash(concat_ws(" ", col("dataset"), col("query_id"), col("doc_id")));
    Column place =
        row_number()
            .over(
                Window.partitionBy("dataset", "query_id", "miner", "verdict")
                    .orderBy(order, col("doc_id")));
    Column quota = when(col("miner").equalTo(GIVEN), Integer.MAX_VALUE).otherwise(0);
    for (StrategyConfig strategy : options.strategies()) {
      String name = strategy.kind().name().toLowerCase(Locale.ROOT);
      quota = when(col("miner").equalTo(name), strategy.quota()).otherwise(quota);
    }
    return filtered
        .withColumn("place", place)
        .withColumn(
            "verdict",
            when(col("verdict").equalTo(KEPT).and(col("place").gt(quota)), QUOTA)
                .otherwise(col("verdict")));
  }

  /** The negatives chosen, each (query, document) once; what is given and mined is given. */
  Dataset<Row> negatives() {
    Column isMined = col("miner").notEqual(GIVEN);
    Dataset<Row> agreement =
        judged
            .groupBy("dataset", "query_id", "doc_id")
            .agg(countDistinct(when(isMined, col("miner"))).cast("int").as("agreement"));
    Column gap = col("filter_positive_score").minus(col("filter_score"));
    Column difficulty =
        when(gap.isNotNull(), greatest(lit(0.0), least(lit(1.0), lit(1.0).minus(gap))));
    Column first =
        row_number()
            .over(
                Window.partitionBy("dataset", "query_id", "doc_id")
                    .orderBy(isMined, col("rank"), col("miner")));
    return judged
        .filter(col("verdict").equalTo(KEPT))
        .withColumn("first", first)
        .filter("first = 1")
        .join(agreement, Columns.names("dataset", "query_id", "doc_id"))
        .withColumn("strategy", col("miner"))
        .withColumn("miner", when(isMined, col("miner")))
        .withColumn("difficulty", difficulty);
  }

  /** For each filter in its order, what reached it and was kept or dropped. */
  Dataset<Row> counts() {
    Map<String, Map<String, Long>> dropped = new TreeMap<>();
    Map<String, Row> group = new TreeMap<>();
    for (Row row : judged.groupBy("dataset", "round", "miner", "verdict").count().collectAsList()) {
      String key = row.getString(0) + "\n" + row.getInt(1) + "\n" + row.getString(2);
      group.put(key, row);
      dropped.computeIfAbsent(key, one -> new TreeMap<>()).put(row.getString(3), row.getLong(4));
    }
    List<String> names = new ArrayList<>(filters().keySet());
    names.add(QUOTA);
    List<Row> rows = new ArrayList<>();
    dropped.forEach(
        (key, counts) -> {
          long left = counts.values().stream().mapToLong(Long::longValue).sum();
          Row of = group.get(key);
          for (String name : names) {
            long gone = counts.getOrDefault(name, 0L);
            left -= gone;
            rows.add(
                RowFactory.create(
                    of.getString(0), of.getInt(1), of.getString(2), name, left, gone));
          }
        });
    return context.spark().createDataFrame(rows, Tables.FILTER_COUNTS.schema());
  }
}
