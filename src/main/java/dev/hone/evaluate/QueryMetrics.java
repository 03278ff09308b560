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
          .add("dim", DataTypes.IntegerType)
          .add("precision", DataTypes.StringType)
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
   * <p>Every form is measured; rankings are those of the first one alone.
   *
   * @param hits dataset, query_id, doc_id, rank, score, form: its place among the forms
   * @param judgements dataset, query_id, doc_id, grade
   */
  static Dataset<Row> of(
      Dataset<Row> hits,
      Dataset<Row> judgements,
      MetricOptions options,
      List<Integer> cutoffs,
      List<VectorForm> forms) {
    MapFunction<Row, String> query = row -> row.getString(0) + "\u0001" + row.getString(1);
    return hits.groupByKey(query, Encoders.STRING())
        .cogroup(
            judgements.filter("grade is not null").groupByKey(query, Encoders.STRING()),
            new Judge(
                options.minRelevantGrade(),
                options.gain().name(),
                List.copyOf(cutoffs),
                List.copyOf(forms)),
            Encoders.row(ROWS));
  }

  private record Judge(
      int minRelevantGrade, String gain, List<Integer> cutoffs, List<VectorForm> forms)
      implements CoGroupFunction<String, Row, Row, Row> {

    @Override
    public Iterator<Row> call(String key, Iterator<Row> hits, Iterator<Row> judgements) {
      Map<String, Integer> grades = new HashMap<>();
      judgements.forEachRemaining(row -> grades.put(row.getString(2), row.getInt(3)));
      List<Row> rows = new ArrayList<>();
      if (grades.isEmpty()) {
        return rows.iterator();
      }
      Judgements judged = new Judgements(grades);
      Map<Integer, List<ScoredDocument>> found = new HashMap<>();
      hits.forEachRemaining(
          row ->
              found
                  .computeIfAbsent(row.getInt(5), form -> new ArrayList<>())
                  .add(new ScoredDocument(row.getString(2), row.getDouble(4))));
      Query query =
          new Query(
              key.substring(0, key.indexOf('\u0001')), key.substring(key.indexOf('\u0001') + 1));
      for (int form = 0; form < forms.size(); form++) {
        Ranking ranking = Ranking.of(query.id(), found.getOrDefault(form, List.of()));
        if (form == 0) {
          query.addRanked(ranking, rows);
        }
        query.addMeasured(forms.get(form), measured(ranking, judged), cutoffs, rows);
      }
      return rows.iterator();
    }

    private RankingMetrics measured(Ranking ranking, Judgements judged) {
      MetricOptions options =
          new MetricOptions(minRelevantGrade, dev.hone.metric.Gain.valueOf(gain));
      return RankingMetrics.of(ranking, judged, options);
    }
  }

  /** The query that rows are made of. */
  private record Query(String dataset, String id) {
    void addRanked(Ranking ranking, List<Row> rows) {
      int rank = 0;
      for (ScoredDocument document : ranking.documents()) {
        rows.add(
            RowFactory.create(
                dataset,
                id,
                null,
                null,
                document.documentId(),
                ++rank,
                document.score(),
                null,
                null,
                null,
                null,
                null));
      }
    }

    void addMeasured(
        VectorForm form, RankingMetrics metrics, List<Integer> cutoffs, List<Row> rows) {
      for (MetricValue value : metrics.at(cutoffs)) {
        rows.add(
            RowFactory.create(
                dataset,
                id,
                form.dimensions(),
                form.precisionLabel(),
                null,
                null,
                null,
                value.metric().label(),
                value.k(),
                value.value(),
                metrics.relevantCount(),
                metrics.retrievedCount()));
      }
    }
  }
}
