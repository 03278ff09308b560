package dev.hone.normalize;

import dev.hone.store.Digests;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Collects one data set's rows in the normal form; each document, query and judgement once. */
final class NormalRows {
  private final String dataset;
  private final Map<String, Row> documents = new LinkedHashMap<>();
  private final Map<String, Row> queries = new LinkedHashMap<>();
  private final Map<String, Row> judgements = new LinkedHashMap<>();
  private final List<Row> scoredPairs = new ArrayList<>();
  private final Set<String> pairIds = new LinkedHashSet<>();

  NormalRows(String dataset) {
    this.dataset = dataset;
  }

  /** NFC, control characters out, white space folded. */
  static String clean(String text) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
    StringBuilder clean = new StringBuilder(composed.length());
    for (int i = 0; i < composed.length(); i++) {
      char character = composed.charAt(i); // neither controls nor separators are surrogates
      if (!isSpace(character)) {
        clean.append(character);
      } else if (!clean.isEmpty() && clean.charAt(clean.length() - 1) != ' ') {
        clean.append(' ');
      }
    }
    return clean.toString().strip();
  }

  private static boolean isSpace(char character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  void document(String id, String text, String domain, String source) {
    documents.putIfAbsent(
        id,
        RowFactory.create(
            dataset,
            id,
            id,
            0,
            null,
            text,
            domain,
            Digests.ofText(text),
            null,
            false,
            null,
            source));
  }

  void query(String id, String text, String split, String domain) {
    queries.putIfAbsent(
        id,
        RowFactory.create(
            dataset, id, text, split, domain, Digests.ofText(text), null, null, false));
  }

  /** Keeps the first judgement of a pair. */
  void judgement(String query, String document, Integer grade, String origin) {
    judgements.putIfAbsent(
        query + "\n" + document, RowFactory.create(dataset, query, document, grade, origin, false));
  }

  void scoredPair(String id, String a, String b, double score, String split) {
    if (pairIds.add(id)) {
      scoredPairs.add(
          RowFactory.create(dataset, id, a, b, score, 0.0, 5.0, split, score / 5.0, false));
    }
  }

  /** All data sets' rows as the tables of the normal form. */
  static NormalForm form(SparkSession spark, List<NormalRows> parts) {
    return new NormalForm(
        frame(spark, Tables.DOCUMENTS, parts, part -> List.copyOf(part.documents.values()))
            .drop("tokens"),
        frame(spark, Tables.QUERIES, parts, part -> List.copyOf(part.queries.values()))
            .drop("tokens"),
        frame(spark, Tables.JUDGEMENTS, parts, part -> List.copyOf(part.judgements.values())),
        frame(spark, Tables.SCORED_PAIRS, parts, part -> part.scoredPairs),
        frame(spark, Tables.REJECTS, parts, part -> List.of()),
        Map.of());
  }

  private static Dataset<Row> frame(
      SparkSession spark,
      TableDefinition table,
      List<NormalRows> parts,
      java.util.function.Function<NormalRows, List<Row>> rows) {
    List<Row> all = parts.stream().flatMap(part -> rows.apply(part).stream()).toList();
    return spark.createDataFrame(all, table.schema()).coalesce(1);
  }
}
