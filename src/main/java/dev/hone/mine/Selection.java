package dev.hone.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The candidates of all queries, judged: which become negatives, and how many each filter dropped.
 */
final class Selection implements AutoCloseable {
  private static final StructType JUDGED =
      new StructType()
          .add("dataset", DataTypes.StringType)
          .add("query_id", DataTypes.StringType)
          .add("doc_id", DataTypes.StringType)
          .add("round", DataTypes.IntegerType)
          .add("strategy", DataTypes.StringType)
          .add("miner_digest", DataTypes.StringType)
          .add("rank", DataTypes.IntegerType)
          .add("score", DataTypes.DoubleType)
          .add("filter_score", DataTypes.DoubleType)
          .add("filter_positive_score", DataTypes.DoubleType)
          .add("filter_positive_id", DataTypes.StringType)
          .add("agreement", DataTypes.IntegerType)
          .add("difficulty", DataTypes.DoubleType)
          .add("verdict", DataTypes.StringType);

  private final StageContext context;
  private final Rules rules;
  private final Dataset<Row> judged;

  /**
   * Judges candidates once, at first use.
   *
   * @param candidates rows of {@code candidates}
   */
  Selection(StageContext context, Commit normalForm, Rules rules, Dataset<Row> candidates) {
    this.context = context;
    this.rules = rules;
    MapFunction<Row, String> query = row -> row.getString(0) + "\u0001" + row.getString(1);
    this.judged =
        new KnownAnswers(context, normalForm)
            .mark(candidates)
            .select(
                "dataset",
                "query_id",
                "doc_id",
                "round",
                "miner",
                "miner_digest",
                "rank",
                "score",
                "filter_score",
                "filter_positive_score",
                "filter_positive_id",
                "known_positive",
                "own_text",
                "held_out")
            .groupByKey(query, Encoders.STRING())
            .flatMapGroups(new JudgeQuery(rules), Encoders.row(JUDGED))
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  /** Judges the candidates of one query, which fit into memory: depth times strategies. */
  private record JudgeQuery(Rules rules) implements FlatMapGroupsFunction<String, Row, Row> {
    @Override
    public Iterator<Row> call(String query, Iterator<Row> rows) {
      List<Candidate> candidates = new ArrayList<>();
      Map<String, Row> sources = new TreeMap<>();
      rows.forEachRemaining(
          row -> {
            candidates.add(candidate(row));
            sources.put(key(row.getAs("miner"), row.getAs("rank"), row.getAs("doc_id")), row);
          });
      return new Choice(rules)
          .of(query, candidates).stream()
              .map(
                  one ->
                      judged(
                          sources.get(
                              key(
                                  one.candidate().strategy(),
                                  one.candidate().rank(),
                                  one.candidate().document())),
                          one))
              .iterator();
    }

    private static String key(String strategy, int rank, String document) {
      return strategy + "\u0001" + rank + "\u0001" + document;
    }

    private static Candidate candidate(Row row) {
      return new Candidate(
          row.getAs("doc_id"),
          row.getAs("miner"),
          row.getAs("miner_digest"),
          row.<Integer>getAs("rank"),
          row.getAs("filter_score"),
          row.getAs("filter_positive_score"),
          row.<Boolean>getAs("known_positive"),
          row.<Boolean>getAs("own_text"),
          row.<Boolean>getAs("held_out"));
    }

    private static Row judged(Row of, Judged one) {
      return RowFactory.create(
          of.getAs("dataset"),
          of.getAs("query_id"),
          of.getAs("doc_id"),
          of.getAs("round"),
          of.getAs("miner"),
          of.getAs("miner_digest"),
          of.getAs("rank"),
          of.getAs("score"),
          of.getAs("filter_score"),
          of.getAs("filter_positive_score"),
          of.getAs("filter_positive_id"),
          one.agreement(),
          one.difficulty(),
          one.verdict().label());
    }
  }

  /** The negatives chosen, each (query, document) once; what the data gives has no miner. */
  Dataset<Row> negatives() {
    return judged
        .filter(col("verdict").equalTo(Verdict.KEPT.label()))
        .withColumn(
            "miner",
            when(col("strategy").notEqual(rules.given().name()), col("strategy"))
                .otherwise(lit(null)));
  }

  /** For each strategy and filter, in the order of filters, what reached it and was dropped. */
  Dataset<Row> counts() {
    Map<String, Map<String, Long>> dropped = new TreeMap<>();
    Map<String, Row> groups = new TreeMap<>();
    for (Row row :
        judged.groupBy("dataset", "round", "strategy", "verdict").count().collectAsList()) {
      String key = row.getString(0) + "\n" + row.getInt(1) + "\n" + row.getString(2);
      groups.put(key, row);
      dropped.computeIfAbsent(key, one -> new TreeMap<>()).put(row.getString(3), row.getLong(4));
    }
    List<Row> rows = new ArrayList<>();
    dropped.forEach((key, counts) -> addCounts(rows, groups.get(key), counts));
    return context.spark().createDataFrame(rows, Tables.FILTER_COUNTS.schema());
  }

  private void addCounts(List<Row> rows, Row group, Map<String, Long> counts) {
    long left = counts.values().stream().mapToLong(Long::longValue).sum();
    for (Verdict filter : rules.filters()) {
      long gone = counts.getOrDefault(filter.label(), 0L);
      left -= gone;
      rows.add(
          RowFactory.create(
              group.getString(0), group.getInt(1), group.getString(2), filter.label(), left, gone));
    }
  }

  @Override
  public void close() {
    judged.unpersist();
  }
}
