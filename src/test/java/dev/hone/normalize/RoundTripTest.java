package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generated rows of each type, through the normal form and back, against rules written down here
 * once more in plain Java: cleaning, equal texts as one, the highest grade.
 */
class RoundTripTest {
  private static final int ROWS = 600;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private StageContext context;

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(4); // none: an empty text, which is refused
    for (int i = 0; i < pieces; i++) {
      text.append(HardTexts.PIECES.get(random.nextInt(HardTexts.PIECES.size())))
          .append(random.nextBoolean() ? " " : "");
    }
    return text.toString();
  }

  /** The rule for texts, code point by code point. */
  private static String clean(String text) {
    StringBuilder clean = new StringBuilder();
    boolean gap = false;
    for (int point : Normalizer.normalize(text, Normalizer.Form.NFC).codePoints().toArray()) {
      boolean space =
          switch (Character.getType(point)) {
            case Character.CONTROL,
                Character.SPACE_SEPARATOR,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> false;
          };
      if (!space) {
        clean.append(gap && !clean.isEmpty() ? " " : "").appendCodePoint(point);
      }
      gap = space;
    }
    return clean.toString();
  }

  private static boolean usable(String... texts) {
    for (String text : texts) {
      if (clean(text).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** What the normal form should hold: the highest grade of each pair, neutral below all. */
  private static final class Model {
    private final Map<List<String>, Integer> grades = new HashMap<>();
    private int rejected;

    void row(String query, String document, Integer grade) {
      if (usable(query, document)) {
        grades.merge(List.of(clean(query), clean(document)), grade == null ? -1 : grade, Math::max);
      } else {
        rejected++;
      }
    }

    Set<String> rows() {
      return grades.entrySet().stream()
          .map(e -> String.join(" \u2192 ", e.getKey()) + " = " + e.getValue())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private Commit normalize(String dataset) throws IOException {
    context = Normalization.context(folder);
    return Normalization.run(
        context,
        folder,
        "hone { datasets = [ { %s } ], normalize { max-reject-share = 1 } }".formatted(dataset));
  }

  private Set<String> judged(Commit commit) {
    Dataset<Row> queries =
        context.read(commit, Tables.QUERIES).selectExpr("query_id", "text as query");
    Dataset<Row> documents =
        context
            .read(commit, Tables.DOCUMENTS)
            .selectExpr("doc_id", "concat(coalesce(concat(title, ' '), ''), text) as document");
    return context
        .read(commit, Tables.JUDGEMENTS)
        .join(queries, "query_id")
        .join(documents, "doc_id")
        .selectExpr("concat(query, ' \u2192 ', document, ' = ', coalesce(grade, -1))")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void assertEqual(Commit commit, Model model) {
    assertThat(judged(commit)).isEqualTo(model.rows());
    assertThat(context.read(commit, Tables.REJECTS).count()).isEqualTo(model.rejected);
    assertThat(context.read(commit, Tables.JUDGEMENTS).count()).isEqualTo(model.grades.size());
  }

  private Path jsonLines(String name, List<Map<String, Object>> rows) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      lines.add(JSON.writeValueAsString(row));
    }
    return Files.write(folder.resolve(name), lines);
  }

  private static String quoted(String field) {
    return '"' + field.replace("\"", "\"\"") + '"';
  }

  private Path csv(String name, String header, List<List<String>> rows) throws IOException {
    List<String> lines = new ArrayList<>(List.of(header));
    rows.forEach(
        row -> lines.add(row.stream().map(RoundTripTest::quoted).collect(Collectors.joining(","))));
    return Files.write(folder.resolve(name), lines);
  }

  @Test
  void pairsOfCsv() throws IOException {
    Random random = new Random(1);
    Model model = new Model();
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      String anchor = text(random);
      String positive = text(random);
      rows.add(List.of(anchor, positive));
      model.row(anchor, positive, 1);
    }
    Path file = csv("pairs.csv", "anchor,positive", rows);

    assertEqual(
        normalize("name = d, type = pairs, source { format = csv, path = \"" + file + "\" }"),
        model);
  }

  @Test
  void tripletsOfJsonLines() throws IOException {
    Random random = new Random(3);
    Model model = new Model();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      String anchor = text(random);
      String positive = text(random);
      List<String> negatives = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        negatives.add(text(random));
      }
      rows.add(Map.of("anchor", anchor, "positive", positive, "negatives", negatives));
      model.row(anchor, positive, 1);
      negatives.forEach(negative -> model.row(anchor, negative, 0));
    }
    Path file = jsonLines("triplets.jsonl", rows);

    assertEqual(
        normalize("name = d, type = triplets, source { format = json, path = \"" + file + "\" }"),
        model);
  }

  @Test
  void hardNegativesOfParquet() throws IOException {
    Random random = new Random(5);
    Model model = new Model();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      String query = text(random);
      String positive = text(random);
      List<String> negatives = List.of(text(random), text(random));
      rows.add(RowFactory.create(query, positive, negatives));
      model.row(query, positive, 1);
      negatives.forEach(negative -> model.row(query, negative, 0));
    }
    StructType schema =
        new StructType()
            .add("query", DataTypes.StringType)
            .add("positive", DataTypes.StringType)
            .add("negatives", DataTypes.createArrayType(DataTypes.StringType));
    Path path = folder.resolve("hard.parquet");
    SmallWorkspace.spark()
        .createDataFrame(rows, schema)
        .repartition(3)
        .write()
        .parquet(path.toString());

    assertEqual(
        normalize(
            "name = d, type = hard-negatives, source { format = parquet, path = \""
                + path
                + "\" }"),
        model);
  }

  @Test
  void nliOfJsonLinesInCodesAndWords() throws IOException {
    Random random = new Random(7);
    List<String> labels =
        List.of("0", "1", "2", "entailment", "Neutral", "CONTRADICTION", "supports");
    List<Integer> grades = new ArrayList<>();
    for (Integer grade : new Integer[] {1, null, 0, 1, null, 0, 1}) {
      grades.add(grade);
    }
    Model model = new Model();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      String premise = text(random);
      String hypothesis = text(random);
      int label = random.nextInt(labels.size());
      rows.add(Map.of("premise", premise, "hypothesis", hypothesis, "label", labels.get(label)));
      model.row(premise, hypothesis, grades.get(label));
    }
    Path file = jsonLines("nli.jsonl", rows);

    assertEqual(
        normalize(
            "name = d, type = nli, labels { supports = 0 }, source { format = json, path = \""
                + file
                + "\" }"),
        model);
  }

  @Test
  void rankingWithIdsOfAnyCharacters() throws IOException {
    Random random = new Random(9);
    Map<String, String> documents = new TreeMap<>();
    List<Map<String, Object>> documentRows = new ArrayList<>();
    List<Map<String, Object>> queryRows = new ArrayList<>();
    for (int i = 0; i < ROWS / 4; i++) {
      String id = "d/" + i + " \u00fc|#,\"";
      String title = random.nextBoolean() ? "" : text(random);
      String text = text(random);
      documentRows.add(Map.of("id", id, "title", title, "text", text));
      documents.put(id, (clean(title) + " " + clean(text)).strip());
      queryRows.add(Map.of("id", "q" + i, "text", text + i));
    }
    Model model = new Model();
    List<Map<String, Object>> judgements = new ArrayList<>();
    List<String> documentIds = new ArrayList<>(documents.keySet());
    int unusable = (int) documents.values().stream().filter(String::isEmpty).count();
    for (int i = 0; i < ROWS; i++) {
      String query = "q" + random.nextInt(ROWS / 4);
      String document = documentIds.get(random.nextInt(documentIds.size()));
      int grade = random.nextInt(4);
      judgements.add(Map.of("query_id", query, "doc_id", document, "grade", grade));
      if (documents.get(document).isEmpty()) {
        model.rejected++;
      } else {
        model.grades.merge(List.of(query, document), grade, Math::max);
      }
    }
    model.rejected += unusable;

    Commit commit =
        normalize(
            """
            name = d, type = ranking
            documents { format = json, path = "%s" }
            queries { format = json, path = "%s" }
            qrels { format = json, path = "%s" }
            """
                .formatted(
                    jsonLines("docs.jsonl", documentRows),
                    jsonLines("queries.jsonl", queryRows),
                    jsonLines("qrels.jsonl", judgements)));

    Set<String> judged = new TreeSet<>();
    for (Row row : context.read(commit, Tables.JUDGEMENTS).collectAsList()) {
      judged.add(row.getString(1) + " \u2192 " + row.getString(2) + " = " + row.getInt(3));
    }
    assertThat(judged).isEqualTo(model.rows());
    Map<String, String> written = new TreeMap<>();
    context
        .read(commit, Tables.DOCUMENTS)
        .selectExpr("doc_id", "trim(concat(coalesce(concat(title, ' '), ''), text))")
        .collectAsList()
        .forEach(row -> written.put(row.getString(0), row.getString(1)));
    documents.values().removeIf(String::isEmpty);
    assertThat(written).isEqualTo(documents);
    assertThat(context.read(commit, Tables.REJECTS).count()).isEqualTo(model.rejected);
  }

  @Test
  void scoredPairsOfCsvStayRawAndAreScaled() throws IOException {
    Random random = new Random(11);
    Map<List<String>, Double> scores = new HashMap<>();
    List<List<String>> rows = new ArrayList<>();
    int rejected = 0;
    for (int i = 0; i < ROWS; i++) {
      String a = text(random);
      String b = text(random);
      double score = random.nextInt(41) / 10.0 + 1;
      rows.add(List.of(a, b, String.valueOf(score)));
      if (usable(a, b)) {
        scores.merge(List.of(clean(a), clean(b)), score, Math::min);
      } else {
        rejected++;
      }
    }
    Path file = csv("scored.csv", "text_a,text_b,score", rows);

    Commit commit =
        normalize("name = d, type = scored, source { format = csv, path = \"" + file + "\" }");

    Map<List<String>, Double> written = new HashMap<>();
    for (Row row : context.read(commit, Tables.SCORED_PAIRS).collectAsList()) {
      double score = row.<Double>getAs("score");
      written.put(List.of(row.getAs("text_a"), row.getAs("text_b")), score);
      assertThat(row.<Double>getAs("score_scaled")).isBetween(0.0, 1.0);
      assertThat(
              row.<Double>getAs("score_min")
                  + row.<Double>getAs("score_scaled")
                      * (row.<Double>getAs("score_max") - row.<Double>getAs("score_min")))
          .isCloseTo(score, org.assertj.core.api.Assertions.within(1e-12));
    }
    assertThat(written).isEqualTo(scores);
    assertThat(context.read(commit, Tables.REJECTS).count()).isEqualTo(rejected);
  }
}
