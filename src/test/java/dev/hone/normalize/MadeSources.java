package dev.hone.normalize;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Sources of all six types, always with the same records, in as many files and as disordered as
 * asked: repeated texts and ids, conflicts, near-duplicates, long texts, records that are refused.
 */
final class MadeSources {
  private static final int ROWS = 300;
  private static final int TEXTS = 120;
  private static final List<String> WORDS =
      List.of(
          "writ", "lien", "deed", "tort", "bail", "plea", "oath", "will", "claim", "court", "judge",
          "trial", "appeal", "statute", "clause", "treaty", "tenant", "debtor", "surety", "escrow");

  private final ObjectMapper json = new ObjectMapper();
  private final Random random = new Random(20);
  private final List<String> texts = texts();

  /** The data sets; {@code FOLDER} stands for where the sources are. */
  static String configuration() {
    return """
    hone { datasets = [
        { name = pairs, type = pairs, source { format = csv, path = "FOLDER/pairs" } }
        { name = triplets, type = triplets, source { format = json, path = "FOLDER/triplets" } }
        { name = scored, type = scored, source { format = csv, path = "FOLDER/scored" } }
        { name = nli, type = nli, source { format = json, path = "FOLDER/nli" } }
        { name = hard, type = hard-negatives, source { format = json, path = "FOLDER/hard" } }
        { name = ranking, type = ranking
          documents { format = json, path = "FOLDER/documents" }
          queries { format = json, path = "FOLDER/queries" }
          qrels { format = json, path = "FOLDER/qrels" } } ]
      normalize { max-reject-share = 1, html = strip, chunk-tokens = 32, chunk-overlap = 8
        near-duplicates = 0.8 } }
    """;
  }

  /** Writes all sources below a folder, each as {@code parts} files, in an order by the seed. */
  void write(Path folder, int parts, int seed) throws IOException {
    Random order = new Random(seed);
    csv(folder.resolve("pairs"), "anchor,positive", pairs(), parts, order);
    csv(folder.resolve("scored"), "text_a,text_b,score", scored(), parts, order);
    json(folder.resolve("triplets"), withNegatives("anchor"), parts, order);
    json(folder.resolve("hard"), withNegatives("query"), parts, order);
    json(folder.resolve("nli"), nli(), parts, order);
    json(folder.resolve("documents"), documents(), parts, order);
    json(folder.resolve("queries"), queries(), parts, order);
    json(folder.resolve("qrels"), qrels(), parts, order);
  }

  /** Short and long ones, some nearly the same as the one before, some empty. */
  private List<String> texts() {
    List<String> made = new ArrayList<>();
    List<String> last = List.of();
    for (int i = 0; i < TEXTS; i++) {
      List<String> words = new ArrayList<>();
      if (i % 4 == 1) {
        words.addAll(last);
        words.add(pick(WORDS));
      } else {
        for (int n = i % 40 == 0 ? 0 : 1 + random.nextInt(60); n > 0; n--) {
          words.add(pick(random.nextInt(8) == 0 ? HardTexts.PIECES : WORDS));
        }
      }
      made.add(String.join(" ", words));
      last = words;
    }
    return made;
  }

  private <T> T pick(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  private List<List<String>> pairs() {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(List.of(pick(texts), pick(texts)));
    }
    return rows;
  }

  /** Few texts, so that pairs repeat with other scores. */
  private List<List<String>> scored() {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      String first = texts.get(random.nextInt(TEXTS / 8));
      String second = texts.get(random.nextInt(TEXTS / 8));
      String score = i % 50 == 0 ? "much" : String.valueOf(random.nextInt(51) / 10.0);
      rows.add(List.of(first, second, score));
    }
    return rows;
  }

  private List<Map<String, Object>> withNegatives(String query) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      List<String> negatives = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        negatives.add(pick(texts));
      }
      rows.add(Map.of(query, pick(texts), "positive", pick(texts), "negatives", negatives));
    }
    return rows;
  }

  private List<Map<String, Object>> nli() {
    List<String> labels = List.of("0", "1", "2", "entailment", "Neutral", "CONTRADICTION", "maybe");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      String premise = texts.get(random.nextInt(TEXTS / 8));
      String hypothesis = texts.get(random.nextInt(TEXTS / 8));
      rows.add(Map.of("premise", premise, "hypothesis", hypothesis, "label", pick(labels)));
    }
    return rows;
  }

  /** Ids repeat with other titles and texts; a text stands under several ids, and cut elsewhere. */
  private List<Map<String, Object>> documents() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      String id = "d/" + random.nextInt(ROWS * 3 / 4) + " \u00fc|,\"";
      String title = random.nextBoolean() ? "" : pick(WORDS);
      rows.add(Map.of("id", id, "title", title, "text", pick(texts)));
    }
    for (int i = 0; i < ROWS / 4; i++) {
      rows.add(Map.of("id", "t" + i, "title", WORDS.get(i % 5), "text", "lien on all " + i / 5));
      rows.add(
          Map.of("id", "u" + i, "title", "", "text", WORDS.get(i % 5) + " lien on all " + i / 5));
    }
    return rows;
  }

  private List<Map<String, Object>> queries() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(Map.of("id", "q" + random.nextInt(ROWS / 2), "text", pick(texts)));
    }
    return rows;
  }

  private List<Map<String, Object>> qrels() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS * 4; i++) {
      String document =
          switch (random.nextInt(4)) {
            case 0 -> "t" + random.nextInt(ROWS / 4);
            case 1 -> "u" + random.nextInt(ROWS / 4);
            default -> "d/" + random.nextInt(ROWS) + " \u00fc|,\"";
          };
      String query = "q" + random.nextInt(ROWS / 2);
      rows.add(Map.of("query_id", query, "doc_id", document, "grade", random.nextInt(4)));
    }
    return rows;
  }

  private void json(Path folder, List<Map<String, Object>> rows, int parts, Random order)
      throws IOException {
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      lines.add(json.writeValueAsString(row));
    }
    deal(folder, "", lines, parts, order);
  }

  private static void csv(
      Path folder, String header, List<List<String>> rows, int parts, Random order)
      throws IOException {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      lines.add(
          String.join(
              ",", row.stream().map(text -> '"' + text.replace("\"", "\"\"") + '"').toList()));
    }
    deal(folder, header + "\n", lines, parts, order);
  }

  private static void deal(Path folder, String header, List<String> lines, int parts, Random order)
      throws IOException {
    Files.createDirectories(folder);
    Collections.shuffle(lines, order);
    for (int part = 0; part < parts; part++) {
      StringBuilder content = new StringBuilder(header);
      for (int line = part; line < lines.size(); line += parts) {
        content.append(lines.get(line)).append('\n');
      }
      Files.writeString(folder.resolve("part-" + part), content);
    }
  }
}
