package dev.hone.evaluate;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.config.RunConfig;
import dev.hone.config.SliceConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.metric.Bootstrap;
import dev.hone.metric.Interval;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Means over parts of the queries, computed by hand from the values of each query. */
class SliceStageTest {
  @TempDir private Path folder;

  private static Object[] document(String id, String parent, int chunk, String source) {
    return row(
        "law", id, parent, chunk, null, "text of " + id, "civil", "h", null, false, 9, source);
  }

  private static Object[] value(
      String dataset, String query, int dim, String metric, Integer k, double value, int relevant) {
    return row("m", dataset, "test", query, dim, "fp32", metric, k, value, relevant, 10);
  }

  private static Commit normalForm(SmallWorkspace workspace) {
    return workspace
        .step("normalize")
        .table(
            Tables.DOCUMENTS,
            document("a", "a", 0, "code"),
            document("b", "b", 0, "cases"),
            document("c#0", "c", 0, "cases"),
            document("c#1", "c", 1, "cases"))
        .table(
            Tables.QUERIES,
            row("law", "q1", "Who may sue a minor", "test", "civil"),
            row("law", "q2", "what is a tort", "test", null),
            row("law", "q3", "who pays", "test", "civil"),
            row("news", "n1", "storm", "test", "press"),
            row("law", "unseen", "who trains", "train", "civil"))
        .table(
            Tables.JUDGEMENTS,
            row("law", "q1", "a", 1),
            row("law", "q1", "b", 2),
            row("law", "q2", "c#0", 1),
            row("law", "q2", "c#1", 1),
            row("law", "q3", "a", 0))
        .publish();
  }

  private static Commit evaluation(SmallWorkspace workspace) {
    return workspace
        .step("evaluate")
        .table(
            Tables.QUERY_METRICS,
            value("law", "q1", 384, "ndcg", 10, 1.0, 2),
            value("law", "q2", 384, "ndcg", 10, 0.5, 1),
            value("law", "q3", 384, "ndcg", 10, 0.0, 0),
            value("law", "q1", 384, "bpref", null, 0.2, 2),
            value("law", "q1", 64, "ndcg", 10, 0.9, 2),
            value("news", "n1", 384, "ndcg", 10, 0.25, 1))
        .publish();
  }

  @Test
  void aQueryCountsInEveryValueThatItOrItsRelevantDocumentsHave() throws Exception {
    SmallWorkspace workspace = SmallWorkspace.in(folder);
    RunConfig config =
        RunConfig.load(
            Files.writeString(
                folder.resolve("run.conf"),
                """
                hone {
                  datasets = [
                    { name = law, type = ranking, source { format = beir, path = x } }
                    { name = news, type = ranking, train-on = false, source { format = beir, path = x } }
                  ]
                  evaluate.slices = [
                    domain, length, positives
                    { name = source, by = "documents.source" }
                    { name = first, by = "lower(split(queries.text, ' ')[0])" }
                  ]
                }
                """),
            List.of());
    SliceStage stage =
        new SliceStage(
            workspace.context(),
            normalForm(workspace),
            config.detail().slices(),
            config.evaluate(),
            config.datasets(),
            7);

    Commit commit = stage.run("m", evaluation(workspace)).orElseThrow();

    List<Row> rows =
        workspace
            .context()
            .read(commit, Tables.SLICE_METRICS)
            .orderBy("dataset", "slice", "slice_value", "metric")
            .collectAsList();
    assertThat(rows)
        .filteredOn(row -> row.getAs("metric").equals("ndcg") && !row.getAs("dataset").equals("*"))
        .extracting(
            row ->
                String.join(
                    " | ",
                    row.getAs("dataset"),
                    row.getAs("slice"),
                    row.getAs("slice_value"),
                    row.getAs("value") + " of " + row.getAs("query_count")))
        .containsExactly(
            "law | domain | (none) | 0.5 of 1",
            "law | domain | civil | 0.5 of 2",
            "law | first | what | 0.5 of 1",
            "law | first | who | 0.5 of 2",
            "law | length | 1-2 words | 0.0 of 1",
            "law | length | 3-5 words | 0.75 of 2",
            "law | positives | 0 | 0.0 of 1",
            "law | positives | 1 | 0.5 of 1",
            "law | positives | 2 | 1.0 of 1",
            "law | source | (none) | 0.0 of 1",
            "law | source | cases | 0.75 of 2",
            "law | source | code | 1.0 of 1",
            "news | domain | press | 0.25 of 1",
            "news | first | storm | 0.25 of 1",
            "news | length | 1-2 words | 0.25 of 1",
            "news | positives | 1 | 0.25 of 1",
            "news | source | (none) | 0.25 of 1");
    Interval interval =
        new Bootstrap(config.evaluate().confidenceDraws(), 0.95, 7).mean(new double[] {1, 0});
    assertThat(rows)
        .filteredOn(row -> row.getAs("slice_value").equals("civil"))
        .extracting(Row::mkString)
        .containsExactly(
            "m*test384fp32domaincivilbprefnull0.20.20.21",
            "m*test384fp32domaincivilndcg100.5%s%s2".formatted(interval.low(), interval.high()),
            "mlawtest384fp32domaincivilbprefnull0.20.20.21",
            "mlawtest384fp32domaincivilndcg100.5%s%s2".formatted(interval.low(), interval.high()));
  }

  @Test
  void whatAnExpressionCannotDoWithAQueryIsForTheUserToMend() throws Exception {
    SmallWorkspace workspace = SmallWorkspace.in(folder);
    RunConfig config = RunConfig.load(null, List.of());
    SliceStage stage =
        new SliceStage(
            workspace.context(),
            normalForm(workspace),
            List.of(new SliceConfig("year", Optional.of("cast(queries.text as int)"))),
            config.evaluate(),
            List.of(),
            7);
    Commit evaluation = evaluation(workspace);

    assertThatThrownBy(() -> stage.run("m", evaluation))
        .isInstanceOfSatisfying(
            HoneException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining("Cannot use evaluate.slices: an expression fails on")
        .hasMessageContaining("try_cast");
  }

  @Test
  void valuesBeyondTheLargestAreOne() {
    SparkSession spark = SmallWorkspace.spark();
    List<Row> rows = new ArrayList<>();
    IntStream.range(0, Slices.MOST_VALUES + 3)
        .forEach(i -> rows.add(RowFactory.create("d", "q" + i, "value %02d".formatted(i))));
    rows.add(RowFactory.create("d", "again", "value 51"));
    Dataset<Row> queries =
        spark
            .createDataFrame(
                rows,
                new StructType()
                    .add("dataset", DataTypes.StringType)
                    .add("query_id", DataTypes.StringType)
                    .add("text", DataTypes.StringType))
            .withColumn("relevant_count", functions.lit(1));
    Dataset<Row> none =
        spark
            .createDataFrame(List.of(), Tables.DOCUMENTS.schema())
            .withColumn("for_query", functions.lit(""));

    List<Row> values =
        new Slices(List.of(new SliceConfig("text", Optional.of("queries.text"))))
            .of(queries, none)
            .groupBy("slice_value")
            .count()
            .orderBy("slice_value")
            .collectAsList();

    assertThat(values).hasSize(Slices.MOST_VALUES + 1);
    assertThat(values.get(0)).isEqualTo(RowFactory.create(Slices.OTHER, 3L));
    assertThat(values.get(Slices.MOST_VALUES)).isEqualTo(RowFactory.create("value 51", 2L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "documents.sauce | `documents`.`sauce` cannot be resolved",
        "lower( | Syntax error",
        "max(queries.text) | depends on more than one query",
        "explode(split(queries.text, ' ')) | depends on more than one query",
        "row_number() over (order by queries.text) | depends on more than one query",
        "rand() | depends on more than one query",
        "(select 1) | depends on more than one query",
        "split(queries.text, ' ') | it gives ARRAY<STRING>, not a single value"
      })
  void whatIsNoValueOfAQueryIsRefusedBeforeAnythingIsRead(String expression, String reason) {
    Slices slices = new Slices(List.of(new SliceConfig("mine", Optional.of(expression))));

    assertThatThrownBy(() -> slices.check(SmallWorkspace.spark()))
        .isInstanceOfSatisfying(
            HoneException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining("Cannot use the slice mine of evaluate.slices, " + expression)
        .hasMessageContaining(reason);
  }
}
