package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.hone.metric.Gain;
import dev.hone.metric.Judgements;
import dev.hone.metric.MetricOptions;
import dev.hone.metric.Ranking;
import dev.hone.metric.RankingMetrics;
import dev.hone.metric.ScoredDocument;
import dev.hone.table.RowGroups;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Compares what was found with what was judged, query by query.
 *
 * <p>Rows of one query that stand together, as searches and runs have them, are packed into one
 * before they are moved; then judgements and results are merged, sorted by query. No task holds
 * more than one query: memory does not depend on their number.
 */
public final class QueryMetrics {
  private static final StructType PACKED =
      new StructType()
          .add("dataset", DataTypes.BinaryType)
          .add("query_id", DataTypes.BinaryType)
          .add("form", DataTypes.IntegerType)
          .add("documents", DataTypes.BinaryType);

  /** Stands where results have their form, and is sorted before all of these. */
  private static final int JUDGED = -1;

  private static final int QUERY_COLUMNS = 2;

  private QueryMetrics() {}

  /**
   * Compares what was found with what was judged; a query without judgements is left out, one
   * without results counts 0. A document that is judged twice has its highest grade.
   *
   * <p>Every form is measured, to the depth of the largest cut-off, whatever else a run holds, so
   * that metrics over whole rankings compare; rankings are those of the first form alone.
   *
   * @param hits dataset, query_id, doc_id, rank, score, form: its place among the forms
   * @param judgements dataset, query_id, doc_id, grade
   */
  static JudgedQueries of(
      Dataset<Row> hits,
      Dataset<Row> judgements,
      MetricOptions options,
      List<Integer> cutoffs,
      List<VectorForm> forms) {
    int depth = cutoffs.stream().mapToInt(Integer::intValue).max().orElseThrow();
    return of(hits, judgements, Judge.of(options, cutoffs, forms, depth, true));
  }

  /** The same of a whole run, which has no forms: dataset, query_id, doc_id, rank, score. */
  public static JudgedQueries ofRun(
      Dataset<Row> run, Dataset<Row> judgements, MetricOptions options, List<Integer> cutoffs) {
    Judge judge = Judge.of(options, cutoffs, List.of(VectorForm.NONE), Integer.MAX_VALUE, true);
    return of(run.withColumn("form", lit(0)), judgements, judge);
  }

  /** The metrics of a run alone: its rankings are a table already. */
  public static JudgedQueries ofRunWithoutRankings(
      Dataset<Row> run, Dataset<Row> judgements, MetricOptions options, List<Integer> cutoffs) {
    Judge judge = Judge.of(options, cutoffs, List.of(VectorForm.NONE), Integer.MAX_VALUE, false);
    return of(run.withColumn("form", lit(0)), judgements, judge);
  }

  private static JudgedQueries of(Dataset<Row> hits, Dataset<Row> judgements, Judge judge) {
    return new JudgedQueries(
        packed(judgements.filter("grade is not null"), col("grade"), lit(JUDGED))
            .union(packed(hits, col("score"), col("form")))
            .repartition(col("dataset"), col("query_id"))
            .sortWithinPartitions("dataset", "query_id", "form")
            .mapPartitions(judge, Encoders.row(JudgedQueries.ROWS)),
        judge.cutoffs());
  }

  /**
   * Ids are moved and compared as the bytes that they are in files. The rows are Spark's own ones,
   * which need not be copied to be looked at: as {@code Row}s, they would take longer than all that
   * is done with them. Where the plan shuffles, that much of it runs at this call already, once.
   */
  private static Dataset<Row> packed(Dataset<Row> rows, Column number, Column form) {
    Dataset<Row> plain =
        rows.select(col("dataset"), col("query_id"), form, col("doc_id"), number.cast("double"));
    return rows.sparkSession()
        .createDataFrame(
            plain.queryExecution().toRdd().toJavaRDD().mapPartitions(PackedDocuments::ofRows),
            PACKED);
  }

  private record Judge(
      int minRelevantGrade,
      String gain,
      List<Integer> cutoffs,
      List<VectorForm> forms,
      int depth,
      boolean rankings)
      implements MapPartitionsFunction<Row, Row> {

    static Judge of(
        MetricOptions options,
        List<Integer> cutoffs,
        List<VectorForm> forms,
        int depth,
        boolean rankings) {
      return new Judge(
          options.minRelevantGrade(),
          options.gain().name(),
          List.copyOf(cutoffs),
          List.copyOf(forms),
          depth,
          rankings);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      RowGroups groups = new RowGroups(rows, QUERY_COLUMNS);
      MetricOptions options = new MetricOptions(minRelevantGrade, Gain.valueOf(gain));
      return new Iterator<>() {
        private Iterator<Row> judged = Collections.emptyIterator();

        @Override
        public boolean hasNext() {
          while (!judged.hasNext() && groups.hasNext()) {
            judged = judge(groups.next(), options).iterator();
          }
          return judged.hasNext();
        }

        @Override
        public Row next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return judged.next();
        }
      };
    }

    /** The rows of one query; judgements come first. */
    private List<Row> judge(List<Row> packed, MetricOptions options) {
      if (packed.get(0).getInt(2) != JUDGED) {
        return List.of();
      }
      Map<String, Integer> grades = new HashMap<>();
      Map<Integer, List<ScoredDocument>> found = new HashMap<>();
      for (Row row : packed) {
        byte[] documents = (byte[]) row.get(3);
        if (row.getInt(2) == JUDGED) {
          PackedDocuments.unpack(
              documents, (id, grade) -> grades.merge(id, (int) grade, Math::max));
        } else {
          List<ScoredDocument> own =
              found.computeIfAbsent(row.getInt(2), form -> new ArrayList<>());
          PackedDocuments.unpack(documents, (id, score) -> own.add(new ScoredDocument(id, score)));
        }
      }
      String dataset = text(packed.get(0), 0);
      String query = text(packed.get(0), 1);
      Judgements judged = new Judgements(grades);
      List<Row> rows = new ArrayList<>();
      for (int form = 0; form < forms.size(); form++) {
        Ranking ranking = Ranking.of(query, found.getOrDefault(form, List.of())).first(depth);
        RankingMetrics metrics = RankingMetrics.of(ranking, judged, options);
        rows.add(
            JudgedQueries.row(
                dataset,
                metrics,
                forms.get(form),
                form == 0 && rankings ? Optional.of(ranking) : Optional.empty(),
                cutoffs));
      }
      return rows;
    }

    private static String text(Row row, int column) {
      return new String((byte[]) row.get(column), StandardCharsets.UTF_8);
    }
  }
}
