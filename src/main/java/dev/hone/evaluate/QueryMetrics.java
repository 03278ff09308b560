package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.hone.metric.Gain;
import dev.hone.metric.Judgements;
import dev.hone.metric.MetricOptions;
import dev.hone.metric.MetricValue;
import dev.hone.metric.Ranking;
import dev.hone.metric.RankingMetrics;
import dev.hone.metric.ScoredDocument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rankings and metrics per query: rows of both kinds, told apart by doc_id and metric.
 *
 * <p>Rows of one query that stand together, as searches and runs have them, are packed into one
 * before they are moved; then judgements and results are merged, sorted by query. No task holds
 * more than one query: memory does not depend on their number.
 */
public final class QueryMetrics {
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

  private static final StructType PACKED =
      new StructType()
          .add("dataset", DataTypes.BinaryType)
          .add("query_id", DataTypes.BinaryType)
          .add("form", DataTypes.IntegerType)
          .add("documents", DataTypes.BinaryType);

  /** Stands where results have their form, and is sorted before all of these. */
  private static final int JUDGED = -1;

  private static final int QUERY_COLUMNS = 2;
  private static final int FORM_COLUMNS = 3;

  private QueryMetrics() {}

  /**
   * Compares what was found with what was judged; a query without judgements is left out, one
   * without results counts 0. A document that is judged twice has its highest grade.
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
    return of(hits, judgements, Judge.of(options, cutoffs, forms, true));
  }

  /** The same of a run, which has no forms: dataset, query_id, doc_id, rank, score. */
  public static Dataset<Row> ofRun(
      Dataset<Row> run, Dataset<Row> judgements, MetricOptions options, List<Integer> cutoffs) {
    Judge judge = Judge.of(options, cutoffs, List.of(VectorForm.NONE), true);
    return of(run.withColumn("form", lit(0)), judgements, judge);
  }

  /** The metrics of a run alone: its rankings are a table already. */
  public static Dataset<Row> ofRunWithoutRankings(
      Dataset<Row> run, Dataset<Row> judgements, MetricOptions options, List<Integer> cutoffs) {
    Judge judge = Judge.of(options, cutoffs, List.of(VectorForm.NONE), false);
    return of(run.withColumn("form", lit(0)), judgements, judge);
  }

  private static Dataset<Row> of(Dataset<Row> hits, Dataset<Row> judgements, Judge judge) {
    return packed(judgements.filter("grade is not null"), col("grade"), lit(JUDGED))
        .union(packed(hits, col("score"), col("form")))
        .repartition(col("dataset"), col("query_id"))
        .sortWithinPartitions("dataset", "query_id", "form")
        .mapPartitions(judge, Encoders.row(ROWS));
  }

  /** Ids are moved and compared as the bytes that they are in files. */
  private static Dataset<Row> packed(Dataset<Row> rows, Column number, Column form) {
    return rows.select(
            col("dataset").cast("binary"),
            col("query_id").cast("binary"),
            form,
            col("doc_id").cast("binary"),
            number.cast("double"))
        .mapPartitions(new Pack(), Encoders.row(PACKED));
  }

  private record Pack() implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      QueryGroups groups = new QueryGroups(rows, FORM_COLUMNS);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return groups.hasNext();
        }

        @Override
        public Row next() {
          List<Row> group = groups.next();
          Row first = group.get(0);
          return RowFactory.create(
              first.get(0), first.get(1), first.get(2), PackedDocuments.of(group));
        }
      };
    }
  }

  private record Judge(
      int minRelevantGrade,
      String gain,
      List<Integer> cutoffs,
      List<VectorForm> forms,
      boolean rankings)
      implements MapPartitionsFunction<Row, Row> {

    static Judge of(
        MetricOptions options, List<Integer> cutoffs, List<VectorForm> forms, boolean rankings) {
      return new Judge(
          options.minRelevantGrade(),
          options.gain().name(),
          List.copyOf(cutoffs),
          List.copyOf(forms),
          rankings);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      QueryGroups groups = new QueryGroups(rows, QUERY_COLUMNS);
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
      Query query = new Query(text(packed.get(0), 0), text(packed.get(0), 1));
      Judgements judged = new Judgements(grades);
      List<Row> rows = new ArrayList<>();
      for (int form = 0; form < forms.size(); form++) {
        Ranking ranking = Ranking.of(query.id(), found.getOrDefault(form, List.of()));
        if (form == 0 && rankings) {
          query.addRanked(ranking, rows);
        }
        RankingMetrics metrics = RankingMetrics.of(ranking, judged, options);
        query.addMeasured(forms.get(form), metrics, cutoffs, rows);
      }
      return rows;
    }

    private static String text(Row row, int column) {
      return new String((byte[]) row.get(column), StandardCharsets.UTF_8);
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
