package dev.hone.cluster;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rank is given for each place of the plan. */
class PlannedRowsTest {
  @TempDir private Path folder;
  private SmallWorkspace workspace;
  private Commit normalForm;
  private Commit plan;
  private List<Row> rows;

  /**
   * Three steps, planned out of order, one of scored pairs; the query "writ" has an answer in
   * another data set too.
   */
  @BeforeEach
  void join() {
    workspace = SmallWorkspace.in(folder);
    normalForm =
        workspace
            .step("normalize")
            .table(
                Tables.DOCUMENTS,
                document("law", "d1", "Writs", "An order of a court.", "g-1"),
                document("law", "d2", null, "A claim.", null),
                document("law", "d3", "", "A sealed letter.", null),
                document("other", "o1", null, "A command.", "n-7"))
            .table(
                Tables.QUERIES,
                query("law", "q1", "writ", "h-writ"),
                query("law", "q2", "lien", "h-lien"),
                query("other", "p1", "writ", "h-writ"))
            .table(
                Tables.JUDGEMENTS,
                row("law", "q1", "d1", 1, "pair"),
                row("law", "q1", "d3", 0, "triplet"),
                row("law", "q2", "d2", 1, "pair"),
                row("other", "p1", "o1", 2, "qrels"))
            .table(
                Tables.SCORED_PAIRS,
                row("sts", "s1", "A court rules.", "A judge decides.", 4.2, 0.0, 5.0, "train"),
                row("law", "s1", "Not this", "nor that", 1.0, 0.0, 5.0, "train"))
            .publish();
    plan =
        workspace
            .step("plan")
            .table(
                Tables.BATCH_PLAN,
                row("sts", 0, 2, 0, "s1", null, List.of()),
                row("law", 0, 1, 0, "q2", "d2", List.of()),
                row("law", 0, 0, 0, "q1", "d1", List.of("d3", "d2")))
            .publish();
    rows = rows(Optional.empty(), Optional.empty());
  }

  private List<Row> rows(Optional<GuideVectors> guide, Optional<TeacherScores> teacher) {
    return new PlannedRows(workspace.context(), normalForm, guide, teacher)
        .of(workspace.context().read(plan, Tables.BATCH_PLAN))
        .collectAsList();
  }

  private static Dataset<Row> vectors(String key, Object[]... rows) {
    return SmallWorkspace.spark()
        .createDataFrame(
            Arrays.stream(rows).map(RowFactory::create).toList(),
            StructType.fromDDL("dataset STRING, " + key + " STRING, vector ARRAY<FLOAT>"));
  }

  @Test
  void theGuidesVectorsStandBesideTheTexts() {
    GuideVectors guide =
        new GuideVectors(
            "digest",
            vectors(
                "query_id",
                row("law", "q1", List.of(1f, 2f)),
                row("law", "q2", List.of(3f, 4f)),
                row("other", "q1", List.of(9f, 9f))),
            vectors(
                "doc_id",
                row("law", "d1", List.of(0.1f)),
                row("law", "d2", List.of(0.2f)),
                row("law", "d3", List.of(0.3f))));

    List<Row> guided = rows(Optional.of(guide), Optional.empty());

    assertThat(guided.get(0).<Float>getList(10)).containsExactly(1f, 2f);
    assertThat(guided.get(0).getStruct(6).<Float>getList(2)).containsExactly(0.1f);
    assertThat(guided.get(0).<Row>getList(7).stream().map(negative -> negative.getList(2).get(0)))
        .containsExactly(0.3f, 0.2f);
    assertThat(guided.get(1).<Float>getList(10)).containsExactly(3f, 4f);
    assertThat(guided.get(2).isNullAt(10)).as("a scored pair").isTrue();
    assertThat(rows).as("without a guide").allSatisfy(row -> assertThat(row.isNullAt(10)).isTrue());
  }

  @Test
  void theTeachersScoresStandBesideTheDocumentsOfTheirQuery() {
    TeacherScores teacher =
        new TeacherScores(
            "digest",
            SmallWorkspace.spark()
                .createDataFrame(
                    List.of(
                        RowFactory.create("law", "q1", "d1", 9.0),
                        RowFactory.create("law", "q1", "d3", 4.0),
                        RowFactory.create("law", "q2", "d1", -1.0),
                        RowFactory.create("other", "q1", "d2", -2.0)),
                    StructType.fromDDL(
                        "dataset STRING, query_id STRING, doc_id STRING, score DOUBLE")));

    List<Row> taught = rows(Optional.empty(), Optional.of(teacher));

    assertThat(taught).hasSize(3);
    assertThat(taught.get(0).getStruct(6).getDouble(3)).isEqualTo(9.0);
    List<Row> negatives = taught.get(0).getList(7);
    assertThat(negatives.stream().map(negative -> negative.get(3)))
        .as("of d3 and d2")
        .containsExactly(4.0, null);
    assertThat(taught.get(1).getStruct(6).isNullAt(3)).as("d2 for q2").isTrue();
    assertThat(taught.get(2).getStruct(6).isNullAt(3)).as("a scored pair").isTrue();
  }

  private static Object[] document(
      String dataset, String id, String title, String text, String group) {
    return row(dataset, id, id, 0, title, text, null, "h-" + id, group);
  }

  private static Object[] query(String dataset, String id, String text, String hash) {
    return row(dataset, id, text, "train", null, hash);
  }

  private static String text(Row document) {
    return document.getAs("text");
  }

  @Test
  void rowsStandInTheOrderOfTheirSteps() {
    assertThat(rows.stream().map(row -> row.<String>getAs("text")))
        .containsExactly("writ", "lien", "A court rules.");
  }

  @Test
  void aScoredPairIsTwoTextsAndAScore() {
    Row pair = rows.get(2);

    assertThat(text(pair.getAs("document"))).isEqualTo("A judge decides.");
    assertThat(pair.<Double>getAs("score")).isEqualTo(4.2);
    assertThat(pair.getList(pair.fieldIndex("negatives"))).isEmpty();
    assertThat(rows.subList(0, 2))
        .allSatisfy(row -> assertThat(row.<Double>getAs("score")).isNull());
  }

  @Test
  void documentsAreTrainedOnWithTheirTitle() {
    assertThat(text(rows.get(0).getAs("document"))).isEqualTo("Writs An order of a court.");
    assertThat(text(rows.get(1).getAs("document"))).isEqualTo("A claim.");
  }

  @Test
  void negativesKeepTheirOrder() {
    List<Row> negatives = rows.get(0).getList(rows.get(0).fieldIndex("negatives"));

    assertThat(negatives.stream().map(PlannedRowsTest::text))
        .containsExactly("A sealed letter.", "A claim.");
    assertThat(rows.get(1).getList(rows.get(1).fieldIndex("negatives"))).isEmpty();
  }

  @Test
  void groupsOfADocumentAreItsContentAndTheGroupThatItShares() {
    Row positive = rows.get(0).getAs("document");
    Row alone = rows.get(1).getAs("document");

    assertThat(positive.<String>getList(1)).containsExactlyInAnyOrder("h-d1", "g-1");
    assertThat(alone.<String>getList(1)).containsExactly("h-d2");
  }

  @Test
  void knownIsEachGroupOfWhatAnswersTheTextInAnyDataSet() {
    assertThat(rows.get(0).<String>getList(rows.get(0).fieldIndex("known")))
        .containsExactlyInAnyOrder("h-d1", "g-1", "h-o1", "n-7");
    assertThat(rows.get(1).<String>getList(rows.get(1).fieldIndex("known")))
        .containsExactly("h-d2");
  }
}
