package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.pipeline.SmallWorkspace;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.store.Digests;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Utterances of one intent answer each other, and groups that the data bring reach documents. */
class IntentPairsTest {
  @TempDir private Path folder;
  private StageContext context;

  private Commit normalize(String datasets, String options) throws IOException {
    context = Normalization.context(folder);
    return Normalization.run(
        context,
        folder,
        "hone { datasets = [ %s ]\nnormalize { %s } }".formatted(datasets, options));
  }

  private Path write(String name, List<String> lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, lines);
  }

  private Path write(String name, String... lines) throws IOException {
    return write(name, List.of(lines));
  }

  private static String intents(Path path, String more) {
    return "{ name = bank, type = pairs, source { format = json, path = \"%s\" }, columns { anchor = text, group = intent }, %s }"
        .formatted(path, more);
  }

  private static String said(String text, String intent) {
    return "{\"text\": \"%s\", \"intent\": \"%s\"}".formatted(text, intent);
  }

  private List<String> rows(Commit commit, TableDefinition table, String... columns) {
    return Normalization.rows(context, commit, table, columns);
  }

  /** Each query's text with the texts that answer it. */
  private Map<String, Set<String>> answers(Commit commit) {
    Map<String, Set<String>> answers = new TreeMap<>();
    context
        .read(commit, Tables.JUDGEMENTS)
        .join(
            context.read(commit, Tables.QUERIES).selectExpr("query_id", "text as query"),
            "query_id")
        .join(
            context.read(commit, Tables.DOCUMENTS).selectExpr("doc_id", "text as document"),
            "doc_id")
        .filter("grade = 1 and origin = 'intent'")
        .select("query", "document")
        .collectAsList()
        .forEach(
            row ->
                answers
                    .computeIfAbsent(row.getString(0), query -> new TreeSet<>())
                    .add(row.getString(1)));
    return answers;
  }

  private Map<String, String> splits(Commit commit) {
    Map<String, String> splits = new TreeMap<>();
    context
        .read(commit, Tables.QUERIES)
        .select("text", "split")
        .collectAsList()
        .forEach(row -> splits.put(row.getString(0), row.getString(1)));
    return splits;
  }

  private long found(Commit commit, String check) {
    return context
        .read(commit, Tables.AUDIT)
        .filter("check = '" + check + "'")
        .selectExpr("coalesce(sum(count), 0)")
        .first()
        .getLong(0);
  }

  /** A long text of which a word may change. */
  private static String words() {
    return IntStream.range(0, 40).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
  }

  /** 90 utterances of three intents; some repeat. */
  private static List<String> utterances() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      lines.add(said("utterance " + i, "intent " + i % 3));
    }
    lines.addAll(lines.subList(0, 9));
    return lines;
  }

  /** The rule in plain Java: rings by intent and split, in the order of SHA-256. */
  private static Map<String, Set<String>> expected(Map<String, String> splits, int perGroup) {
    Map<String, List<String>> rings = new TreeMap<>();
    splits.forEach(
        (text, split) -> {
          int intent = Integer.parseInt(text.replaceAll("\\D", "")) % 3;
          rings.computeIfAbsent(intent + split, ring -> new ArrayList<>()).add(text);
        });
    Map<String, Set<String>> answers = new TreeMap<>();
    for (List<String> ring : rings.values()) {
      ring.sort(Comparator.comparing(Digests::ofText));
      for (int i = 0; i < ring.size(); i++) {
        for (int step = 1; step <= Math.min(perGroup, ring.size() - 1); step++) {
          answers
              .computeIfAbsent(ring.get(i), query -> new TreeSet<>())
              .add(ring.get((i + step) % ring.size()));
        }
      }
    }
    return answers;
  }

  @Test
  void theNextMembersOfItsGroupAndSplitAnswerAnUtterance() throws IOException {
    Path file = write("bank.jsonl", utterances());

    for (int perGroup : new int[] {1, 3, 1000}) {
      Commit commit = normalize(intents(file, "per-group = " + perGroup), "");

      Map<String, String> splits = splits(commit);
      assertThat(splits).hasSize(90).containsValues("train", "validation", "test");
      assertThat(answers(commit)).isEqualTo(expected(splits, perGroup));
      assertThat(rows(commit, Tables.DOCUMENTS, "text")).containsExactlyElementsOf(splits.keySet());
      assertThat(found(commit, "leakage")).as("test texts in training").isZero();
    }
  }

  @Test
  void rowsDependNeitherOnTheirOrderNorOnPartitions() throws IOException {
    List<String> lines = utterances();
    Path one = write("one/rows.jsonl", lines).getParent();
    Collections.shuffle(lines, new Random(8));
    for (int part = 0; part < 4; part++) {
      write("four/" + part + ".jsonl", lines.subList(24 * part, part == 3 ? 99 : 24 * part + 24));
    }

    Commit first = normalize(intents(one, ""), "");
    List<List<String>> before = tables(first);
    var conf = SmallWorkspace.spark().conf();
    conf.set("spark.sql.shuffle.partitions", "7");
    try {
      Commit second = normalize(intents(folder.resolve("four"), ""), "");
      assertThat(tables(second)).isEqualTo(before);
    } finally {
      conf.set("spark.sql.shuffle.partitions", "2");
    }
  }

  private List<List<String>> tables(Commit commit) {
    return List.of(
        rows(commit, Tables.DOCUMENTS, "* except (source)"), // which follows the files
        rows(commit, Tables.QUERIES, "*"),
        rows(commit, Tables.JUDGEMENTS, "*"));
  }

  @Test
  void utteranceAloneInItsGroupIsAQueryWithoutAnswerAndCounted() throws IOException {
    Path file = write("bank.jsonl", said("one", "a"), said("two", "a"), said("alone", "b"));

    Commit commit = normalize(intents(file, "split { train = 1, validation = 0, test = 0 }"), "");

    assertThat(answers(commit)).containsOnlyKeys("one", "two");
    assertThat(splits(commit)).containsKey("alone");
    assertThat(found(commit, "no-positive")).isEqualTo(1);
  }

  @Test
  void groupsOfIntentsBelongToTheirDataSetAndKeepApartFromNearDuplicates() throws IOException {
    Path file =
        write(
            "bank.jsonl",
            said(words() + " one", "a"),
            said(words() + " two", "a"),
            said("something else", "a"),
            said("yet another", "b"),
            said("and a last one", "b"));
    String test = "split { column = \"if(text like '%two', 'test', 'train')\" }";
    String other =
        intents(file, test).replace("name = bank", "name = other").replace("'test'", "'train'");

    Commit commit = normalize(intents(file, test) + ",\n" + other, "near-duplicates = 0.8");

    List<String> groups =
        rows(commit, Tables.DOCUMENTS, "dataset", "group_id").stream().distinct().toList();
    assertThat(groups).hasSize(4).allMatch(group -> group.contains("| g-"));
    assertThat(rows(commit, Tables.QUERIES, "group_id").stream().distinct())
        .as("queries are grouped by what they say")
        .hasSize(2)
        .allMatch(group -> group.equals("null") || group.startsWith("n-"));
  }

  @Test
  void oneIntentIsNoNearLeakageButNearlyEqualUtterancesAre() throws IOException {
    String[] lines = {
      said(words() + " one", "a"),
      said(words() + " two", "a"),
      said("train this", "a"),
      said("a test of that", "a")
    };
    String split =
        "split { column = \"if(text like '%two' or text like '%test%', 'test', 'train')\" }";

    Commit commit = normalize(intents(write("bank.jsonl", lines), split), "near-duplicates = 0.8");

    assertThat(found(commit, "near-leakage")).isEqualTo(1);
  }

  @Test
  void textOfTwoSplitsBelongsToTheStricterOneWithItsAnswers() throws IOException {
    Path file =
        write(
            "bank.jsonl",
            "{\"text\": \"both\", \"intent\": \"a\", \"part\": \"train\", \"id\": 1}",
            "{\"text\": \"both\", \"intent\": \"a\", \"part\": \"test\", \"id\": 2}",
            "{\"text\": \"train one\", \"intent\": \"a\", \"part\": \"train\", \"id\": 3}",
            "{\"text\": \"train two\", \"intent\": \"a\", \"part\": \"train\", \"id\": 4}",
            "{\"text\": \"test one\", \"intent\": \"a\", \"part\": \"test\", \"id\": 5}");

    for (String id : List.of("", "columns.id = id,")) {
      Commit commit = normalize(intents(file, id + "split { column = part }"), "");

      assertThat(answers(commit).get("both")).containsExactly("test one");
      assertThat(answers(commit).get("test one")).containsExactly("both");
      assertThat(answers(commit).get("train one")).containsExactly("train two");
      assertThat(found(commit, "leakage")).isZero();
      assertThat(rows(commit, Tables.QUERIES, "query_id")).hasSize(id.isEmpty() ? 4 : 5);
    }
  }

  @Test
  void utteranceOfTwoIntentsIsAnsweredByBothAndItsGroupIsAConflict() throws IOException {
    Path file =
        write(
            "bank.jsonl",
            said("where is it", "card"),
            said("where is it", "transfer"),
            said("my card is lost", "card"),
            said("my transfer is lost", "transfer"));

    Commit commit = normalize(intents(file, "split { train = 1, validation = 0, test = 0 }"), "");

    assertThat(answers(commit).get("where is it"))
        .containsExactly("my card is lost", "my transfer is lost");
    assertThat(rows(commit, Tables.DOCUMENTS, "text", "conflict"))
        .containsExactly(
            "my card is lost | false", "my transfer is lost | false", "where is it | true");
  }

  @Test
  void utteranceWithoutAGroupIsRefused() throws IOException {
    Path file =
        write(
            "bank.jsonl",
            said("one", "a"),
            said("two", "a"),
            "{\"text\": \"three\"}",
            said("four", "  "));

    Commit commit = normalize(intents(file, ""), "max-reject-share = 1");

    assertThat(rows(commit, Tables.REJECTS, "position", "reason", "record"))
        .containsExactly(
            "record 3 | group is missing or empty | {\"query\":\"three\"}",
            "record 4 | group is missing or empty | {\"query\":\"four\",\"group\":\"  \"}");
  }

  @Test
  void groupBesideAPositiveIsThatOfThePositiveAlone() throws IOException {
    Path file =
        write(
            "t.jsonl",
            "{\"anchor\": \"q1\", \"positive\": \"p1\", \"negative\": \"n1\", \"topic\": 7}",
            "{\"anchor\": \"q2\", \"positive\": \"p2\", \"negative\": \"n2\", \"topic\": 7}",
            "{\"anchor\": \"q3\", \"positive\": \"p3\", \"negative\": \"p1\", \"topic\": null}");

    Commit commit =
        normalize(
            "{ name = t, type = triplets, source { format = json, path = \"%s\" }, columns { group = topic } }"
                .formatted(file),
            "");

    List<String> groups = rows(commit, Tables.DOCUMENTS, "text", "group_id");
    String group = groups.get(2).substring("p1 | ".length());
    assertThat(group).startsWith("g-");
    assertThat(groups)
        .containsExactly("n1 | null", "n2 | null", "p1 | " + group, "p2 | " + group, "p3 | null");
  }

  @Test
  void groupsOfARankingDataSetAreThoseOfItsDocumentsAndOutliveMerging() throws IOException {
    Path documents =
        write(
            "d.jsonl",
            "{\"id\": \"a\", \"text\": \"one text\", \"topic\": null}",
            "{\"id\": \"b\", \"text\": \"one text\", \"topic\": \"x\"}",
            "{\"id\": \"c\", \"text\": \"another\", \"topic\": \"x\"}");
    Path queries = write("q.jsonl", "{\"id\": \"q\", \"text\": \"ask\"}");
    Path qrels = write("r.jsonl", "{\"query_id\": \"q\", \"doc_id\": \"a\", \"grade\": 1}");

    Commit commit =
        normalize(
            """
            {
              name = r, type = ranking
              documents { format = json, path = "%s", columns { group = topic } }
              queries { format = json, path = "%s" }
              qrels { format = json, path = "%s" }
            }
            """
                .formatted(documents, queries, qrels),
            "merge-duplicates = true");

    List<String> groups = rows(commit, Tables.DOCUMENTS, "doc_id", "group_id");
    String group = groups.get(0).substring("a | ".length());
    assertThat(group).startsWith("g-");
    assertThat(groups).containsExactly("a | " + group, "c | " + group);
  }
}
