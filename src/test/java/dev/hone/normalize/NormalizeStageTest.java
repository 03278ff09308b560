package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of every type and state of repair, brought into the normal form by configuration alone. */
class NormalizeStageTest {
  private static final String ACCEPT_REJECTS = "normalize { max-reject-share = 1 }";

  @TempDir private Path folder;
  private StageContext context;

  /** Publishes into a new workspace, which later reads go to. */
  private Commit normalize(String dataset, String... more) throws IOException {
    context = Normalization.context(folder);
    String text = "hone { datasets = [ { %s } ]\n%s }".formatted(dataset, String.join("\n", more));
    return Normalization.run(context, folder, text);
  }

  private Path write(String name, String... lines) throws IOException {
    Path file = folder.resolve("data").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, List.of(lines), StandardCharsets.UTF_8);
  }

  private Dataset<Row> read(Commit commit, TableDefinition table) {
    return context.read(commit, table);
  }

  /** Judgements by their texts: query | document | grade | origin. */
  private Set<String> judged(Commit commit) {
    return new TreeSet<>(
        read(commit, Tables.JUDGEMENTS)
            .join(read(commit, Tables.QUERIES).selectExpr("query_id", "text as query"), "query_id")
            .join(read(commit, Tables.DOCUMENTS).selectExpr("doc_id", "text as document"), "doc_id")
            .selectExpr(
                "concat_ws(' | ', query, document, coalesce(cast(grade as string), 'null'), origin)")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList());
  }

  /** Rejects as position: reason. */
  private List<String> rejects(Commit commit) {
    return read(commit, Tables.REJECTS).orderBy("source", "position").collectAsList().stream()
        .map(row -> row.getAs("source") + ", " + row.getAs("position") + ": " + row.getAs("reason"))
        .toList();
  }

  @Test
  void pairsOfCsvKeepLineBreaksInQuotesAndSeveralPositivesOfOneQuery() throws IOException {
    Path file =
        write(
            "faq.csv",
            "question,answer",
            "What is a writ?,An order of a court.",
            "\"What is",
            " a writ?\",A \"\"formal\"\" order.",
            "What is a lien?,\"A claim, on property.\"",
            "What is a lien?,\"A claim, on property.\"");

    Commit commit =
        normalize(
            "name = faq, type = pairs, source { format = csv, path = \"%s\" }, columns { anchor = question, positive = answer }"
                .formatted(file));

    assertThat(judged(commit))
        .containsExactly(
            "What is a lien? | A claim, on property. | 1 | pair",
            "What is a writ? | A \"\"formal\"\" order. | 1 | pair",
            "What is a writ? | An order of a court. | 1 | pair");
    assertThat(read(commit, Tables.QUERIES).count()).isEqualTo(2);
    assertThat(rejects(commit)).isEmpty();
  }

  @Test
  void tripletsTakeOneNegativeOrMany() throws IOException {
    Path file =
        write(
            "t.jsonl",
            "{\"anchor\": \"a\", \"positive\": \"p\", \"negatives\": [\"n1\", \"n2\"]}",
            "{\"anchor\": \"b\", \"positive\": \"q\", \"negatives\": []}");

    Commit commit =
        normalize("name = t, type = triplets, source { format = json, path = \"" + file + "\" }");

    assertThat(judged(commit))
        .containsExactly(
            "a | n1 | 0 | triplet",
            "a | n2 | 0 | triplet",
            "a | p | 1 | triplet",
            "b | q | 1 | triplet");
  }

  @Test
  void tripletsMayHaveBothOneNegativeAndManyAndNullInOneOfThemIsNone() throws IOException {
    Path file =
        write(
            "t.jsonl",
            "{\"anchor\": \"a\", \"positive\": \"p\", \"negative\": \"n1\", \"negatives\": [\"n2\"]}",
            "{\"anchor\": \"b\", \"positive\": \"p\", \"negative\": \"n1\"}",
            "{\"anchor\": \"c\", \"positive\": \"p\", \"negatives\": [\"n1\", null, \" \", \"n2\"]}",
            "{\"anchor\": \"d\", \"positive\": \"p\", \"negative\": null, \"negatives\": null}",
            "{\"anchor\": \"e\", \"positive\": \"p\", \"negative\": \"\", \"negatives\": []}");

    Commit commit =
        normalize(
            "name = t, type = triplets, source { format = json, path = \"" + file + "\" }",
            ACCEPT_REJECTS);

    assertThat(judged(commit))
        .containsExactly(
            "a | n1 | 0 | triplet",
            "a | n2 | 0 | triplet",
            "a | p | 1 | triplet",
            "b | n1 | 0 | triplet",
            "b | p | 1 | triplet",
            "c | n1 | 0 | triplet",
            "c | n2 | 0 | triplet",
            "c | p | 1 | triplet",
            "d | p | 1 | triplet",
            "e | p | 1 | triplet");
    assertThat(rejects(commit))
        .containsExactlyInAnyOrder(
            "t.jsonl, record 3: negatives[1] is missing",
            "t.jsonl, record 3: negatives[2] is empty",
            "t.jsonl, record 5: negative is empty");
  }

  @Test
  void theOnlyNegativeOfATripletMustBeThere() throws IOException {
    Path file = write("t.csv", "anchor,positive,negative", "a,p,n", "b,p,");

    Commit commit =
        normalize(
            "name = t, type = triplets, source { format = csv, path = \"" + file + "\" }",
            ACCEPT_REJECTS);

    assertThat(rejects(commit)).containsExactly("t.csv, record 2: negative is missing");
    assertThat(judged(commit)).contains("a | n | 0 | triplet", "b | p | 1 | triplet");
  }

  @Test
  void negativesThatAreMissingOrNoTextsAreAnErrorOfTheConfiguration() throws IOException {
    Path none = write("none.csv", "anchor,positive", "a,p");
    Path text = write("text.csv", "anchor,positive,negatives", "a,p,n;m");
    Path objects =
        write(
            "objects.jsonl",
            "{\"anchor\": \"a\", \"positive\": \"p\", \"negatives\": [{\"text\": \"n\"}]}");

    assertThat(refusedTriplets("csv", none))
        .contains("there is neither a column negative nor an array negatives");
    assertThat(refusedTriplets("csv", text))
        .contains("negatives is of type string, but must be an array of texts")
        .contains("split(others, ';')");
    assertThat(refusedTriplets("json", objects))
        .contains("negatives is of type array<struct<text:string>>");
  }

  private String refusedTriplets(String format, Path file) {
    String data = "name = t, type = triplets, source { format = %s, path = \"%s\" }";
    HoneException failure =
        catchThrowableOfType(HoneException.class, () -> normalize(data.formatted(format, file)));
    assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION);
    return failure.getMessage();
  }

  @Test
  void severalPositivesOfAQueryStayTogetherWhateverTheirSplitsKey() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lines.add("{\"anchor\": \"a%d\", \"positive\": \"p%d\"}".formatted(i / 4, i));
    }
    Path file = write("p.jsonl", lines.toArray(String[]::new));

    Commit commit =
        normalize(
            "name = p, type = pairs, source { format = json, path = \"%s\" }, split { by = positive }"
                .formatted(file));

    assertThat(judged(commit)).hasSize(40);
    assertThat(
            read(commit, Tables.QUERIES).select("text", "split").distinct().collectAsList().stream()
                .map(row -> row.getString(0)))
        .hasSize(10)
        .doesNotHaveDuplicates();
  }

  @Test
  void labelsOfNliAreCodesWordsOrMapped() throws IOException {
    Path file =
        write(
            "nli.tsv",
            "premise\thypothesis\tlabel",
            "rain falls\tit is wet\t0",
            "rain falls\tit is Monday\tNeutral",
            "rain falls\tit is dry\tREFUTES",
            "rain falls\tit snows\tperhaps");

    Commit commit =
        normalize(
            "name = n, type = nli, source { format = csv, path = \"%s\", options { sep = \"\\t\" } }, labels { refutes = 2 }"
                .formatted(file),
            ACCEPT_REJECTS);

    assertThat(judged(commit))
        .containsExactly(
            "rain falls | it is Monday | null | neutral",
            "rain falls | it is dry | 0 | contradiction",
            "rain falls | it is wet | 1 | entailment");
    assertThat(rejects(commit))
        .containsExactly(
            "nli.tsv, record 4: label perhaps is neither a code (0 entailment, 1 neutral, 2 contradiction) nor one of labels");
  }

  @Test
  void hardNegativesAreGradedZero() throws IOException {
    Path file = write("h.jsonl", "{\"query\": \"q\", \"positive\": \"p\", \"negatives\": [\"n\"]}");

    Commit commit =
        normalize(
            "name = h, type = hard-negatives, source { format = json, path = \"" + file + "\" }");

    assertThat(judged(commit))
        .containsExactly("q | n | 0 | hard-negative", "q | p | 1 | hard-negative");
  }

  @Test
  void scoresKeepTheRangeThatTheDataShows() throws IOException {
    Path file = write("sts.csv", "a cat,a dog,1.5", "a cat,a kitten,5.0", "x,y,high", "x,z,0");

    Commit commit =
        normalize(
            "name = s, type = scored, source { format = csv, path = \"%s\", options { header = false } }, columns { text_a = _c0, text_b = _c1, score = _c2 }"
                .formatted(file),
            ACCEPT_REJECTS);

    assertThat(
            read(commit, Tables.SCORED_PAIRS)
                .selectExpr("concat_ws(' | ', text_a, text_b, score, score_min, score_max)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0)))
        .containsExactlyInAnyOrder(
            "a cat | a dog | 1.5 | 0.0 | 5.0",
            "a cat | a kitten | 5.0 | 0.0 | 5.0",
            "x | z | 0.0 | 0.0 | 5.0");
    assertThat(rejects(commit)).containsExactly("sts.csv, record 3: score high is no number");
  }

  @Test
  void statedRangeOfScoresIsKeptAndWhatLiesOutsideIsRefused() throws IOException {
    Path file = write("sts.csv", "a cat,a dog,1.5", "a cat,a kitten,5", "x,y,5.01", "x,z,-1");

    Commit commit =
        normalize(
            "name = s, type = scored, score-range = [0, 5], source { format = csv, path = \"%s\", options { header = false } }, columns { text_a = _c0, text_b = _c1, score = _c2 }"
                .formatted(file),
            ACCEPT_REJECTS);

    assertThat(
            read(commit, Tables.SCORED_PAIRS)
                .selectExpr("concat_ws(' | ', text_b, score, score_min, score_max, score_scaled)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0)))
        .containsExactlyInAnyOrder(
            "a dog | 1.5 | 0.0 | 5.0 | 0.3", "a kitten | 5.0 | 0.0 | 5.0 | 1.0");
    assertThat(rejects(commit))
        .containsExactly(
            "sts.csv, record 3: score 5.01 is outside score-range = [0.0, 5.0]",
            "sts.csv, record 4: score -1 is outside score-range = [0.0, 5.0]");
  }

  @Test
  void rankingJoinsItsThreeSourcesAndTheHighestGradeWins() throws IOException {
    Path documents =
        write("docs.jsonl", "{\"id\": 1, \"title\": \"Wings\", \"text\": \"They lift.\"}");
    Path queries = write("queries.csv", "id,text", "q1,lift", "q2,drag");
    Path qrels =
        write(
            "qrels.csv",
            "query_id,doc_id,grade",
            "q1,1,1",
            "q1,1,2",
            "q2,9,1",
            "q2,1,much",
            "q2,1");

    Commit commit =
        normalize(
            """
            name = r, type = ranking
            documents { format = json, path = "%s" }
            queries { format = csv, path = "%s" }
            qrels { format = csv, path = "%s" }
            """
                .formatted(documents, queries, qrels),
            ACCEPT_REJECTS);

    assertThat(judged(commit)).containsExactly("lift | They lift. | 2 | qrels");
    assertThat(rejects(commit))
        .containsExactly(
            "qrels.csv, record 3: no document has this doc_id",
            "qrels.csv, record 4: grade much is no integer",
            "qrels.csv, record 5: the record cannot be parsed; where a quote in it is not closed,"
                + " nor can what follows it");
    assertThat(finding(commit, "label-conflict")).isEqualTo(1);
    assertThat(finding(commit, "no-positive")).isEqualTo(1);
  }

  private long finding(Commit commit, String check) {
    return read(commit, Tables.AUDIT)
        .filter("check = '" + check + "'")
        .selectExpr("sum(count)")
        .first()
        .getLong(0);
  }

  @Test
  void beirFolderSplitsByTheFilesOfItsJudgements() throws IOException {
    write("beir/corpus.jsonl", "{\"_id\": \"d1\", \"title\": \"T\", \"text\": \"x\"}");
    write(
        "beir/queries.jsonl",
        "{\"_id\": \"1\", \"text\": \"one\"}",
        "{\"_id\": \"2\", \"text\": \"two\"}",
        "{\"_id\": \"3\", \"text\": \"three\"}");
    write("beir/qrels/train.tsv", "query-id\tcorpus-id\tscore", "1\td1\t1", "2\td1\t1");
    write("beir/qrels/test.tsv", "query-id\tcorpus-id\tscore", "2\td1\t1");

    Commit commit =
        normalize(
            "name = b, type = ranking, source { format = beir, path = \"%s\" }"
                .formatted(folder.resolve("data/beir")));

    assertThat(
            read(commit, Tables.QUERIES).orderBy("query_id").collectAsList().stream()
                .map(row -> row.getAs("query_id") + " " + row.getAs("split")))
        .containsExactly("1 train", "2 test", "3 none");
    assertThat(read(commit, Tables.DOCUMENTS).first().<String>getAs("title")).isEqualTo("T");
  }

  @Test
  void nestedArraysBecomeRows() throws IOException {
    Path file =
        write(
            "squad.json",
            "{\"data\": [{\"paragraphs\": [{\"context\": \"c1\", \"qas\": [{\"question\": \"q1\"}, {\"question\": \"q2\"}]}, {\"context\": \"c2\", \"qas\": [{\"question\": \"q3\"}]}]}]}");

    Commit commit =
        normalize(
            """
            name = squad, type = pairs
            source {
              format = json, path = "%s", options { multiLine = true }
              explode = [
                "explode(data) as article", "explode(article.paragraphs) as paragraph", "explode(paragraph.qas) as qa"
              ]
            }
            columns { anchor = qa.question, positive = paragraph.context }
            """
                .formatted(file));

    assertThat(judged(commit))
        .containsExactly("q1 | c1 | 1 | pair", "q2 | c1 | 1 | pair", "q3 | c2 | 1 | pair");
  }

  @Test
  void splitMayBeNamedByTheFile() throws IOException {
    write("parts/train.csv", "anchor,positive", "a,x");
    write("parts/dev.csv", "anchor,positive", "b,y", "a,y");

    Commit commit =
        normalize(
            """
            name = p, type = pairs, source { format = csv, path = "%s" }
            split { column = "regexp_extract(_file, '([a-z]+).csv$', 1)" }
            """
                .formatted(folder.resolve("data/parts")));

    assertThat(
            read(commit, Tables.QUERIES).orderBy("text").collectAsList().stream()
                .map(row -> row.getAs("text") + " " + row.getAs("split")))
        .as("a query of two files belongs to the stricter split")
        .containsExactly("a validation", "b validation");
  }

  @Test
  void badRecordsAreKeptWithTheirPosition() throws IOException {
    Path file =
        write(
            "bad.jsonl",
            "{\"anchor\": \"a\", \"positive\": \"p\"}",
            "{\"anchor\": \"b\", \"posi",
            "{\"anchor\": \"  \", \"positive\": \"p\"}",
            "{\"anchor\": \"c\"}",
            "{\"anchor\": \"d\", \"positive\": \"p\"}");

    Commit commit =
        normalize(
            "name = bad, type = pairs, source { format = json, path = \"" + file + "\" }",
            ACCEPT_REJECTS);

    assertThat(rejects(commit))
        .containsExactly(
            "bad.jsonl, record 2: the record cannot be parsed",
            "bad.jsonl, record 3: anchor is empty",
            "bad.jsonl, record 4: positive is missing");
    assertThat(read(commit, Tables.REJECTS).filter("position = 'record 2'").first().getString(4))
        .isEqualTo("{\"anchor\": \"b\", \"posi");
    assertThat(judged(commit)).hasSize(2);
  }

  @Test
  void tooManyBadRecordsPublishNothingAndStayWithTheTry() throws IOException {
    Path file = write("bad.jsonl", "{\"anchor\": \"a\", \"positive\": \"p\"}", "{\"anchor\": ");

    HoneException failure =
        catchThrowableOfType(
            HoneException.class,
            () ->
                normalize(
                    "name = bad, type = pairs, source { format = json, path = \"" + file + "\" }"));

    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure)
        .hasMessageContaining("1 of 2 records were refused")
        .hasMessageContaining("max-reject-share = 0.01");
    String path = failure.getMessage().replaceAll("(?s).*stands in ([^ ,]+).*", "$1");
    assertThat(SmallWorkspace.spark().read().parquet(path).count()).isEqualTo(1);
    assertThat(context.workspace().runIds()).isEmpty();
  }

  @Test
  void aPathThatIsNotThereIsAnErrorOfTheInput() {
    assertThatThrownBy(
            () ->
                normalize(
                    "name = no, type = pairs, source { format = json, path = \"/nowhere/x.json\" }"))
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT))
        .hasMessageContaining("/nowhere/x.json")
        .hasMessageContaining("nothing at this path");
  }

  @Test
  void aColumnThatIsNotThereNamesThoseThatAre() throws IOException {
    Path file = write("x.csv", "question,answer", "q,a");

    assertThatThrownBy(
            () ->
                normalize(
                    "name = x, type = pairs, source { format = csv, path = \"%s\" }, columns { anchor = question }"
                        .formatted(file)))
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining("no column positive")
        .hasMessageContaining("answer, question");
    assertThatThrownBy(
            () ->
                normalize(
                    "name = x, type = pairs, source { format = csv, path = \"%s\" }, columns { anchor = qestion, positive = answer }"
                        .formatted(file)))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("qestion");
  }

  @Test
  void rowsDependNeitherOnTheirOrderNorOnPartitions() throws IOException {
    List<String> lines = generated(new Random(7), 300);
    write("one/rows.jsonl", lines.toArray(String[]::new));
    Collections.shuffle(lines, new Random(8));
    for (int part = 0; part < 5; part++) {
      List<String> some = lines.subList(60 * part, 60 * part + 60);
      write("five/" + part + ".jsonl", some.toArray(String[]::new));
    }

    Commit one = normalize(tripletsOf("one"));
    StageContext first = context;
    var conf = SmallWorkspace.spark().conf();
    conf.set("spark.sql.files.maxPartitionBytes", "2000");
    try {
      Commit five = normalize(tripletsOf("five"));

      for (TableDefinition table : List.of(Tables.DOCUMENTS, Tables.QUERIES, Tables.JUDGEMENTS)) {
        // A document's source follows the files by its meaning.
        Dataset<Row> ofOne = first.read(one, table).drop("source");
        Dataset<Row> ofFive = read(five, table).drop("source");
        assertThat(ofOne.exceptAll(ofFive).takeAsList(1)).isEmpty();
        assertThat(ofFive.exceptAll(ofOne).takeAsList(1)).isEmpty();
      }
    } finally {
      conf.unset("spark.sql.files.maxPartitionBytes");
    }
  }

  private String tripletsOf(String below) {
    return "name = g, type = triplets, source { format = json, path = \"%s\" }"
        .formatted(folder.resolve("data").resolve(below));
  }

  /** Triplets over few texts, so that queries and documents repeat. */
  private static List<String> generated(Random random, int rows) {
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      String negatives =
          random
              .ints(random.nextInt(4), 0, 40)
              .mapToObj(text -> "\"n" + text + "\"")
              .collect(Collectors.joining(", "));
      lines.add(
          "{\"anchor\": \"a%d\", \"positive\": \"p%d\", \"negatives\": [%s]}"
              .formatted(random.nextInt(60), random.nextInt(60), negatives));
    }
    return lines;
  }

  @Test
  void tripletsRoundTrip() throws IOException {
    List<String> lines = generated(new Random(9), 200);
    write("trip/rows.jsonl", lines.toArray(String[]::new));
    Set<String> expected = new TreeSet<>();
    for (String line : lines) {
      List<String> words =
          Pattern.compile("\"([anp]\\d+)\"")
              .matcher(line)
              .results()
              .map(one -> one.group(1))
              .toList();
      expected.add(words.get(0) + " | " + words.get(1) + " | 1 | triplet");
      words.stream()
          .skip(2)
          .forEach(word -> expected.add(words.get(0) + " | " + word + " | 0 | triplet"));
    }

    assertThat(judged(normalize(tripletsOf("trip")))).isEqualTo(expected);
  }

  @Test
  void aHashOfTheKeyDealsOutSplitsSoThatMoreRowsMoveNone() throws IOException {
    List<String> lines = generated(new Random(11), 200);
    write("few/rows.jsonl", lines.subList(0, 100).toArray(String[]::new));
    write("many/rows.jsonl", lines.toArray(String[]::new));

    Dataset<Row> few = read(normalize(tripletsOf("few")), Tables.QUERIES).localCheckpoint();
    Dataset<Row> many = read(normalize(tripletsOf("many")), Tables.QUERIES);

    assertThat(few.select("split").distinct().count()).isEqualTo(3);
    assertThat(few.exceptAll(many).count()).isZero();
  }
}
