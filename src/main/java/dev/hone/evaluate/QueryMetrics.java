package dev.hone.evaluate;

import dev.hone.metric.Judgements;
import dev.hone.metric.MetricOptions;
import dev.hone.metric.MetricValue;
import dev.hone.metric.Ranking;
import dev.hone.metric.RankingMetrics;
import dev.hone.metric.ScoredDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.CoGroupFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rankings and metrics per query: rows of both kinds, told apart by doc_id and metric. */
final class QueryMetrics {
  private static final StructType ROWS =
      new StructType()
          .add("dataset", DataTypes.StringType)
          .add("query_id", DataTypes.StringType)
          .add("doc_id", DataTypes.StringType)
          .add("rank", DataTypes.IntegerType)
          .add("score", DataTypes.DoubleType)
          .add("metric", DataTypes.StringType)
          .add("k", DataTypes.IntegerType)
          .add("value", DataTypes.DoubleType)
          .add("relevant_count", DataTypes.IntegerType)
          .add("retrieved_count", DataTypes.IntegerType);

  private QueryMetrics() {}

  /**
   * Compares what was found with what was judged; a query without judgements is left out, one
   * without results counts 0.
   *
   * @param hits dataset, query_id, doc_id, rank, score
   * @param judgements dataset, query_id, doc_id, grade
   */
  static Dataset<Row> of(
      Dataset<Row> hits, Dataset<Row> judgements, MetricOptions options, List<Integer> cutoffs) {
    MapFunction<Row, String> query = row -> row.getString(0) + "\u0001" + row.getString(1);
    return hits.groupByKey(query, Encoders.STRING())
        .cogroup(
            judgements.filter("grade is not null").groupByKey(query, Encoders.STRING()),
            new Judge(options.minRelevantGrade(), options.gain().name(), List.copyOf(cutoffs)),
            Encoders.row(ROWS));
  }

  private record Judge(int minRelevantGrade, String gain, List<Integer> cutoffs)
      implements CoGroupFunction<String, Row, Row, Row> {

    @Override
    public Iterator<Row> call(String key, Iterator<Row> hits, Iterator<Row> judgements) {
      String dataset = key.substring(0, key.indexOf('\u0001'));
      String query = key.substring(key.indexOf('\u0001') + 1);
      Map<String, Integer> grades = new HashMap<>();
      judgements.forEachRemaining(row -> grades.put(row.getString(2), row.getInt(3)));
      List<Row> rows = new ArrayList<>();
      if (grades.isEmpty()) {
        return rows.iterator();
      }
      List<ScoredDocument> found = new ArrayList<>();
      hits.forEachRemaining(
          row -> found.add(new ScoredDocument(row.getString(2), row.getDouble(4))));
      Ranking ranking = found.isEmpty() ? Ranking.empty(query) : Ranking.of(query, found);
      for (ScoredDocument document : ranking.documents()) {
        int rank = rows.size() + 1;
        rows.add(
            RowFactory.create(
                dataset,
                query,
                document.documentId(),
                rank,
                document.score(),
                null,
                null,
                null,
                null,
                null));
      }
      MetricOptions options =
          new MetricOptions(minRelevantGrade, dev.hone.metric.Gain.valueOf(gain));
      RankingMetrics metrics = RankingMetrics.of(ranking, new Judgements(grades), options);
      for (MetricValue value : metrics.at(cutoffs)) {
        rows.add(
            RowFactory.create(
                dataset,
                query,
                null,
                null,
                null,
                value.metric().label(),
                value.k(),
                value.value(),
                metrics.relevantCount(),
                metrics.retrievedCount()));
      }
      return rows.iterator();
    }
  }
}
