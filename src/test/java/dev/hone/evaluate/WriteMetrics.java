package dev.hone.evaluate;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.metric.Judgements;
import dev.hone.metric.MetricOptions;
import dev.hone.metric.MetricValue;
import dev.hone.metric.Ranking;
import dev.hone.metric.RunMetrics;
import dev.hone.metric.ScoredDocument;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Writes Hone's metrics of runs for other software to compare with: by the pure functions, and by
 * Spark as evaluation does, where each case is a data set of one job.
 */
public final class WriteMetrics {
  private static final List<Integer> CUTOFFS = List.of(1, 3, 5, 10, 100);
  private static final StructType HITS =
      StructType.fromDDL(
          "dataset STRING, query_id STRING, doc_id STRING, rank INT, score DOUBLE NOT NULL");
  private static final StructType JUDGEMENTS =
      StructType.fromDDL("dataset STRING, query_id STRING, doc_id STRING, grade INT");

  private record Case(
      String name, Map<String, Map<String, Integer>> qrels, Map<String, Map<String, Double>> run) {}

  private final ObjectMapper json = new ObjectMapper();
  private final BufferedWriter out;

  private WriteMetrics(BufferedWriter out) {
    this.out = out;
  }

  /** Arguments: the file of the cases, the file to write; both have one JSON object per line. */
  public static void main(String[] arguments) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[1]))) {
      WriteMetrics writer = new WriteMetrics(out);
      List<Case> cases = writer.read(Path.of(arguments[0]));
      for (Case one : cases) {
        writer.direct(one);
      }
      writer.bySpark(cases);
    }
  }

  private List<Case> read(Path file) throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      Map<String, Object> one = json.readValue(line, new TypeReference<>() {});
      cases.add(
          new Case(
              (String) one.get("case"),
              json.convertValue(one.get("qrels"), new TypeReference<>() {}),
              json.convertValue(one.get("run"), new TypeReference<>() {})));
    }
    return cases;
  }

  private void direct(Case one) throws IOException {
    Map<String, Ranking> run = new HashMap<>();
    one.run()
        .forEach(
            (query, scores) ->
                run.put(
                    query,
                    Ranking.of(
                        query,
                        scores.entrySet().stream()
                            .map(entry -> new ScoredDocument(entry.getKey(), entry.getValue()))
                            .toList())));
    Map<String, Judgements> judgements = new HashMap<>();
    one.qrels().forEach((query, grades) -> judgements.put(query, new Judgements(grades)));
    RunMetrics metrics = RunMetrics.of(run, judgements, MetricOptions.DEFAULT);
    for (String query : metrics.byQuery().keySet()) {
      for (MetricValue value : metrics.byQuery().get(query).at(CUTOFFS)) {
        write(one.name(), "functions", query, value.metric().label(), value.k(), value.value());
      }
    }
  }

  private void bySpark(List<Case> cases) throws IOException {
    List<Row> hits = new ArrayList<>();
    List<Row> judgements = new ArrayList<>();
    for (Case one : cases) {
      one.run()
          .forEach(
              (query, scores) ->
                  scores.forEach(
                      (id, score) ->
                          hits.add(RowFactory.create(one.name(), query, id, null, score))));
      one.qrels()
          .forEach(
              (query, grades) ->
                  grades.forEach(
                      (id, grade) ->
                          judgements.add(RowFactory.create(one.name(), query, id, grade))));
    }
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 3)
            .getOrCreate()) {
      Dataset<Row> scored =
          QueryMetrics.ofRun(
                  spark.createDataFrame(hits, HITS).repartition(5),
                  spark.createDataFrame(judgements, JUDGEMENTS).repartition(4),
                  MetricOptions.DEFAULT,
                  CUTOFFS)
              .metrics();
      for (Row row : scored.select("dataset", "query_id", "metric", "k", "value").collectAsList()) {
        Integer k = row.isNullAt(3) ? null : row.getInt(3);
        write(row.getString(0), "spark", row.getString(1), row.getString(2), k, row.getDouble(4));
      }
    }
  }

  private void write(String name, String path, String query, String metric, Integer k, double value)
      throws IOException {
    Map<String, Object> line = new HashMap<>();
    line.put("case", name);
    line.put("path", path);
    line.put("query", query);
    line.put("metric", metric);
    line.put("k", k);
    line.put("value", value);
    out.write(json.writeValueAsString(line));
    out.newLine();
  }
}
