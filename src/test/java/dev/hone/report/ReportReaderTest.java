package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.pipeline.SmallWorkspace;
import dev.hone.report.ReportData.Cost;
import dev.hone.report.ReportData.DatasetFacts;
import dev.hone.report.ReportData.DimensionValue;
import dev.hone.report.ReportData.MetricValue;
import dev.hone.report.ReportData.QueryExample;
import dev.hone.report.ReportData.Run;
import dev.hone.report.ReportData.SplitCounts;
import dev.hone.report.ReportData.Training;
import dev.hone.report.ReportData.Usage;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReportReaderTest {
  private static final Run RUN =
      new Run("r1", "all-MiniLM-L6-v2", "test", Measure.NDCG_10, "hone {}");
  private static final DatasetFacts LEGAL =
      new DatasetFacts("legal", "pairs", "legal", Usage.TRAINED, "");

  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    spark = SmallWorkspace.spark();
  }

  @Test
  void countsDocumentsQueriesAndJudgementsPerSplit() {
    ReportData data = read(fixture());

    assertThat(data.datasets()).hasSize(1);
    assertThat(data.datasets().get(0).documents()).isEqualTo(4);
    assertThat(data.datasets().get(0).splits())
        .containsEntry("test", new SplitCounts(13, 13, 0))
        .containsEntry("train", new SplitCounts(1, 1, 2));
  }

  @Test
  void takesTheSplitAskedForAtFullDimensionAndPrecision() {
    assertThat(read(fixture()).metrics())
        .containsExactly(
            new MetricValue("base", "*", Measure.NDCG_10, .375, .3125, .4375, 13),
            new MetricValue("tuned", "*", Measure.NDCG_10, .5, .4375, .5625, 13));
  }

  @Test
  void everyDimensionOfThePrimaryMeasureIsReadForTheCurve() {
    assertThat(read(fixture()).dimensions())
        .containsExactly(
            new DimensionValue("base", "*", 384, "fp32", .375, .3125, .4375),
            new DimensionValue("tuned", "*", 384, "fp32", .5, .4375, .5625),
            new DimensionValue("tuned", "*", 64, "fp32", .46875, .40625, .53125));
  }

  @Test
  void findsTheQueriesThatMovedMostWithTiesById() {
    ReportData.Changes changes = read(fixture()).changes();

    assertThat(changes.better()).isEqualTo(11);
    assertThat(changes.worse()).isEqualTo(1);
    assertThat(changes.unchanged()).isEqualTo(1);
    assertThat(changes.mostImproved())
        .extracting(QueryExample::queryId)
        .containsExactly("q05", "q00", "q01", "q02", "q03", "q04", "q06", "q07", "q08", "q09");
    assertThat(changes.mostWorsened()).extracting(QueryExample::queryId).containsExactly("q11");
  }

  @Test
  void anExampleCarriesTheTextsOfBothRankings() {
    QueryExample example = read(fixture()).changes().mostImproved().get(0);

    assertThat(example.query()).isEqualTo("query q05");
    assertThat(example.before()).isEqualTo(.1);
    assertThat(example.after()).isEqualTo(.9);
    assertThat(example.relevant()).isEqualTo("Tort a civil wrong");
    assertThat(example.baseTop())
        .containsExactly(
            new ReportData.RankedText(1, "the second chunk's parent", 0),
            new ReportData.RankedText(2, "Tort a civil wrong", 2));
    assertThat(example.tunedTop()).hasSize(3);
    assertThat(example.tunedTop().get(0).text()).isEqualTo("Tort a civil wrong");
    assertThat(example.tunedTop().get(2).text()).hasSize(321).endsWith("x\u2026");
  }

  @Test
  void truncatedTextsComeByModelDataSetAndRole() {
    Fixture fixture = fixture();
    Row legal = RowFactory.create("legal", "query", 13L, 0L, 0.0);
    Row cut = RowFactory.create("legal", "document", 4L, 1L, .25);
    fixture.truncationCounts =
        frame(Tables.TRUNCATION_COUNTS, List.of(legal, cut))
            .withColumn("model", functions.lit("tuned"))
            .unionByName(
                frame(Tables.TRUNCATION_COUNTS, List.of(cut))
                    .withColumn("model", functions.lit("base")));

    assertThat(read(fixture).truncation())
        .containsExactly(
            new ReportData.TruncatedTexts("base", "legal", "document", 4, 1),
            new ReportData.TruncatedTexts("tuned", "legal", "document", 4, 1),
            new ReportData.TruncatedTexts("tuned", "legal", "query", 13, 0));
  }

  @Test
  void probesComeByTheirTextsAndModel() {
    Fixture fixture = new Fixture();
    fixture.probes =
        frame(
            Tables.PROBES,
            List.of(
                RowFactory.create("tuned", "estoppel", "bar", 0.8, 3L, 20L),
                RowFactory.create("tuned", "abet", "help", 0.7, 1L, 20L),
                RowFactory.create("base", "estoppel", "bar", 0.4, 9L, 20L)));

    assertThat(read(fixture).probes())
        .containsExactly(
            new ReportData.Probe("tuned", "abet", "help", 0.7, 1, 20),
            new ReportData.Probe("base", "estoppel", "bar", 0.4, 9, 20),
            new ReportData.Probe("tuned", "estoppel", "bar", 0.8, 3, 20));
  }

  @Test
  void aLongLogBecomesMeansOfNeighbouringStepsWhateverThePartitions() {
    List<Row> log = new ArrayList<>();
    for (int step = 0; step < 2_500; step++) {
      log.add(RowFactory.create(step, 0, "legal", step + .5, 2e-5, 1.0, 10.0, 100.0));
    }
    Fixture fixture = fixture();
    fixture.trainingLog = frame(Tables.TRAINING_LOG, log).repartition(7);

    List<ReportData.LossPoint> curve = read(fixture).lossCurve();

    // Three steps to a point, so the last point holds step 2499 alone.
    assertThat(curve).hasSize(834);
    assertThat(curve.get(0).loss()).isEqualTo(1.5);
    assertThat(curve.get(833)).isEqualTo(new ReportData.LossPoint(2_499, 2_499.5, 2e-5, 1.0));
    assertThat(curve.get(400).learningRate()).isCloseTo(2e-5, within(1e-18));
  }

  @Test
  void adviceComesByStepAndKind() {
    Fixture fixture = fixture();
    fixture.advice =
        frame(
            Tables.ADVICE,
            List.of(
                RowFactory.create(20, 69, "plateaus", "it is flat", "Raise it.", "legal"),
                RowFactory.create(0, 99, "small-batch", "32 rows", "Take 64.", "*")));

    assertThat(read(fixture).advice())
        .containsExactly(
            new ReportData.Advice(0, 99, "small-batch", "*", "32 rows", "Take 64."),
            new ReportData.Advice(20, 69, "plateaus", "legal", "it is flat", "Raise it."));
  }

  @Test
  void emptyTablesAreARunWithoutTraining() {
    Fixture fixture = new Fixture();

    ReportData data = read(fixture);

    assertThat(data.metrics()).isEmpty();
    assertThat(data.lossCurve()).isEmpty();
    assertThat(data.changes()).isEqualTo(ReportData.Changes.NONE);
    assertThat(data.mining()).isEqualTo(MiningData.NONE);
    assertThat(data.datasets().get(0).splits()).isEmpty();
    assertThat(HtmlReport.render(data)).doesNotContain("NaN");
  }

  @Test
  void theOrderOfRowsAndPartitionsDoesNotShow() {
    Fixture shuffled = fixture();
    shuffled.queryMetrics = shuffled.queryMetrics.repartition(5);
    shuffled.documents = shuffled.documents.repartition(3);
    shuffled.runMetrics = shuffled.runMetrics.repartition(4);

    assertThat(HtmlReport.render(read(shuffled))).isEqualTo(HtmlReport.render(read(fixture())));
  }

  private static ReportData read(Fixture fixture) {
    return ReportReader.read(
        RUN, List.of(LEGAL), Training.NONE, new Cost("", 0, 0), fixture.tables());
  }

  /** Thirteen test queries: ten rise by 0.4, q05 by 0.8, q11 falls, q12 stays. */
  private static Fixture fixture() {
    List<Row> queries = new ArrayList<>();
    List<Row> judgements = new ArrayList<>();
    List<Row> values = new ArrayList<>();
    for (int i = 0; i < 13; i++) {
      String id = String.format("q%02d", i);
      queries.add(RowFactory.create("legal", id, "query " + id, "test", "legal", "h"));
      judgements.add(RowFactory.create("legal", id, "d1", 2, "pair"));
      double after = i == 5 ? .9 : i == 11 ? .0 : i == 12 ? .1 : .5;
      values.add(queryMetric("base", id, 384, .1));
      values.add(queryMetric("tuned", id, 384, after));
      values.add(queryMetric("tuned", id, 64, .99));
    }
    queries.add(RowFactory.create("legal", "t1", "a training query", "train", "legal", "h"));
    judgements.add(RowFactory.create("legal", "t1", "d2", 1, "pair"));
    Fixture fixture = new Fixture();
    fixture.queries = frame(Tables.QUERIES, queries);
    fixture.judgements = frame(Tables.JUDGEMENTS, judgements);
    fixture.queryMetrics = frame(Tables.QUERY_METRICS, values);
    fixture.documents =
        frame(
            Tables.DOCUMENTS,
            List.of(
                document("d1", "d1", 0, "Tort", "a civil wrong"),
                document("d2", "d2", 0, null, "x".repeat(400)),
                document("d3#0", "d3", 0, null, "the second chunk's parent"),
                document("d3#1", "d3", 1, null, "the second chunk")));
    fixture.rankings =
        frame(
            Tables.RANKINGS,
            List.of(
                RowFactory.create("base", "legal", "q05", "d3", 1, .9),
                RowFactory.create("base", "legal", "q05", "d1", 2, .8),
                RowFactory.create("tuned", "legal", "q05", "d1", 1, .9),
                RowFactory.create("tuned", "legal", "q05", "d3", 2, .8),
                RowFactory.create("tuned", "legal", "q05", "d2", 3, .7),
                RowFactory.create("tuned", "legal", "q05", "d9", 4, .6)));
    fixture.runMetrics =
        frame(
            Tables.RUN_METRICS,
            List.of(
                runMetric("base", "test", 384, .375),
                runMetric("tuned", "test", 384, .5),
                runMetric("tuned", "test", 64, .46875),
                runMetric("tuned", "validation", 384, .61)));
    fixture.scoredPairs =
        frame(
            Tables.SCORED_PAIRS,
            List.of(
                RowFactory.create("legal", "p1", "a", "b", 1.0, 0.0, 5.0, "train"),
                RowFactory.create("legal", "p2", "a", "c", 2.0, 0.0, 5.0, "train")));
    return fixture;
  }

  private static Row document(String id, String parent, int chunk, String title, String text) {
    return RowFactory.create("legal", id, parent, chunk, title, text, "legal", "h", null);
  }

  private static Row queryMetric(String model, String query, int dim, double value) {
    return RowFactory.create(model, "legal", "test", query, dim, "fp32", "ndcg", 10, value, 1, 100);
  }

  private static Row runMetric(String model, String split, int dim, double value) {
    return RowFactory.create(
        model, "*", split, dim, "fp32", "ndcg", 10, value, value - .0625, value + .0625, 13L);
  }

  private static Dataset<Row> frame(TableDefinition table, List<Row> rows) {
    return spark.createDataFrame(
        rows.stream().map(row -> padded(row, table.schema().size())).toList(), table.schema());
  }

  /** The columns that a row leaves out are null. */
  private static Row padded(Row row, int width) {
    Object[] values = new Object[width];
    for (int i = 0; i < row.length(); i++) {
      values[i] = row.get(i);
    }
    return RowFactory.create(values);
  }

  /** One run's tables, empty until a test fills them. */
  private static final class Fixture {
    private Dataset<Row> documents = frame(Tables.DOCUMENTS, List.of());
    private Dataset<Row> queries = frame(Tables.QUERIES, List.of());
    private Dataset<Row> judgements = frame(Tables.JUDGEMENTS, List.of());
    private Dataset<Row> scoredPairs = frame(Tables.SCORED_PAIRS, List.of());
    private Dataset<Row> trainingLog = frame(Tables.TRAINING_LOG, List.of());
    private Dataset<Row> advice = frame(Tables.ADVICE, List.of());
    private Dataset<Row> truncationCounts =
        frame(Tables.TRUNCATION_COUNTS, List.of()).withColumn("model", functions.lit(""));
    private Dataset<Row> rankings = frame(Tables.RANKINGS, List.of());
    private Dataset<Row> queryMetrics = frame(Tables.QUERY_METRICS, List.of());
    private Dataset<Row> runMetrics = frame(Tables.RUN_METRICS, List.of());
    private Dataset<Row> probes = frame(Tables.PROBES, List.of());

    private ReportTables tables() {
      return new ReportTables(
          documents,
          queries,
          judgements,
          scoredPairs,
          frame(Tables.AUDIT, List.of()),
          truncationCounts,
          new MiningTables(
              documents,
              queries,
              frame(Tables.CANDIDATES, List.of()),
              frame(Tables.NEGATIVES, List.of()),
              frame(Tables.FILTER_COUNTS, List.of())),
          trainingLog,
          advice,
          rankings,
          queryMetrics,
          runMetrics,
          probes);
    }
  }
}
