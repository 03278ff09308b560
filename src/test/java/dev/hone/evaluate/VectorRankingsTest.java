package dev.hone.evaluate;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.config.StoredPrecision;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.store.Digests;
import dev.hone.table.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rankings in fewer dimensions and bits, of documents that were cut into chunks, against what
 * float64 and no index give.
 */
class VectorRankingsTest {
  private static final int DIMENSIONS = 24;
  private static final int CHUNKS = 120;
  private static final int PARENTS = 80;
  private static final int QUERIES = 6;
  private static final int DEPTH = 7;
  private static final List<VectorForm> FORMS =
      VectorForm.of(
          List.of(DIMENSIONS, 10),
          List.of(StoredPrecision.FP32, StoredPrecision.INT8, StoredPrecision.BINARY));

  @TempDir private Path folder;
  private final List<double[]> chunks = new ArrayList<>();
  private final List<double[]> queries = new ArrayList<>();
  private SmallWorkspace workspace;
  private Commit form;
  private Commit vectors;

  @BeforeEach
  void publish() {
    Random random = new Random(11);
    List<Object[]> stored = new ArrayList<>();
    Object[][] documents = new Object[CHUNKS][];
    Object[][] asked = new Object[QUERIES][];
    for (int i = 0; i < CHUNKS; i++) {
      chunks.add(unit(random, stored, "document", "text " + i));
      String parent = parent(i);
      documents[i] = row("d", parent + "#" + i, parent, i / PARENTS, null, "text " + i);
    }
    for (int i = 0; i < QUERIES; i++) {
      queries.add(unit(random, stored, "query", "query " + i));
      asked[i] = row("d", "q" + i, "query " + i, "test");
    }
    workspace = SmallWorkspace.in(folder);
    form =
        workspace
            .step("normalize")
            .table(Tables.DOCUMENTS, documents)
            .table(Tables.QUERIES, asked)
            .publish();
    vectors =
        workspace
            .step("vectors")
            .table(Tables.VECTORS, stored.toArray(Object[][]::new))
            .publish(Map.of("unit-length", "false"), Map.of());
  }

  private static String parent(int chunk) {
    return "p" + chunk % PARENTS;
  }

  /** A random vector of length 1 in fp32, added to the rows and given in float64. */
  private static double[] unit(Random random, List<Object[]> stored, String role, String text) {
    double[] values = random.doubles(DIMENSIONS, -1, 1).toArray();
    Object[] floats = new Object[DIMENSIONS];
    double length = Math.sqrt(product(values, values));
    for (int i = 0; i < DIMENSIONS; i++) {
      float value = (float) (values[i] / length);
      floats[i] = value;
      values[i] = value;
    }
    stored.add(row(role, Digests.ofText(text), floats, false));
    return values;
  }

  private static double product(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  private Map<String, List<Row>> found(int partitions) {
    Dataset<Row> parents = workspace.context().read(form, Tables.DOCUMENTS).repartition(partitions);
    Dataset<Row> asked = workspace.context().read(form, Tables.QUERIES).repartition(partitions);
    try (Rankings rankings = new Rankings(workspace.context(), parents, asked, DEPTH, 1)) {
      Map<String, List<Row>> byForm = new TreeMap<>();
      rankings
          .of(
              new Ranker.ByVectors(new MeasuredModel("base", vectors, List.of(DIMENSIONS, 10))),
              FORMS)
          .orderBy("form", "query_id", "rank")
          .collectAsList()
          .forEach(
              row ->
                  byForm
                      .computeIfAbsent(
                          row.getInt(5) + " " + row.getString(1), key -> new ArrayList<>())
                      .add(row));
      return byForm;
    }
  }

  /** The first dimensions at length 1. */
  private static double[] shortened(double[] vector, int dims) {
    if (dims == vector.length) {
      return vector;
    }
    double[] first = java.util.Arrays.copyOf(vector, dims);
    double length = Math.sqrt(product(first, first));
    return java.util.Arrays.stream(first).map(value -> value / length).toArray();
  }

  private List<double[]> shortenedChunks(int dims) {
    return chunks.stream().map(vector -> shortened(vector, dims)).toList();
  }

  private record Scored(String id, int distance, double score) {}

  private static List<Scored> best(Map<String, Scored> byParent) {
    return byParent.values().stream()
        .sorted(Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::id))
        .limit(DEPTH)
        .toList();
  }

  private static List<Scored> byProduct(double[] query, List<double[]> documents) {
    Map<String, Scored> best = new HashMap<>();
    for (int i = 0; i < documents.size(); i++) {
      best.merge(
          parent(i),
          new Scored(parent(i), 0, product(query, documents.get(i))),
          (a, b) -> a.score() >= b.score() ? a : b);
    }
    return best(best);
  }

  private List<double[]> int8(int dims) {
    List<double[]> documents = shortenedChunks(dims);
    double[] minimum = new double[dims];
    double[] maximum = new double[dims];
    for (int i = 0; i < dims; i++) {
      int place = i;
      minimum[i] = documents.stream().mapToDouble(vector -> vector[place]).min().orElseThrow();
      maximum[i] = documents.stream().mapToDouble(vector -> vector[place]).max().orElseThrow();
    }
    return documents.stream()
        .map(
            vector ->
                IntStream.range(0, dims)
                    .mapToDouble(
                        i -> {
                          double width = (maximum[i] - minimum[i]) / 255;
                          double step = Math.floor((vector[i] - minimum[i]) / width);
                          return minimum[i] + (step + 0.5) * width;
                        })
                    .toArray())
        .toList();
  }

  private List<Scored> binary(double[] query, int dims) {
    Map<String, Scored> nearest = new HashMap<>();
    List<double[]> documents = shortenedChunks(dims);
    for (int i = 0; i < documents.size(); i++) {
      int distance = 0;
      double score = 0;
      for (int place = 0; place < dims; place++) {
        boolean isSet = documents.get(i)[place] > 0;
        distance += isSet == (query[place] > 0) ? 0 : 1;
        score += isSet ? query[place] : -query[place];
      }
      nearest.merge(
          parent(i),
          new Scored(parent(i), distance, score / Math.sqrt(dims)),
          (a, b) ->
              a.distance() < b.distance()
                      || (a.distance() == b.distance() && a.score() >= b.score())
                  ? a
                  : b);
    }
    Map<String, Scored> picked = new HashMap<>();
    nearest.values().stream()
        .sorted(Comparator.comparingInt(Scored::distance).thenComparing(Scored::id))
        .limit(4 * DEPTH)
        .forEach(one -> picked.put(one.id(), one));
    return best(picked);
  }

  private List<Scored> expected(VectorForm form, double[] whole) {
    double[] query = shortened(whole, form.dimensions());
    return switch (form.precision()) {
      case FP32 -> byProduct(query, shortenedChunks(form.dimensions()));
      case INT8 -> byProduct(query, int8(form.dimensions()));
      case BINARY -> binary(query, form.dimensions());
    };
  }

  @Test
  void everyFormRanksAsItsDefinitionInFloat64OnAnyPartitions() {
    Map<String, List<Row>> found = found(1);

    assertThat(found).hasSize(FORMS.size() * QUERIES);
    for (int number = 0; number < FORMS.size(); number++) {
      for (int query = 0; query < QUERIES; query++) {
        List<Row> hits = found.get(number + " q" + query);
        List<Scored> expected = expected(FORMS.get(number), queries.get(query));
        assertThat(hits)
            .as("%s, query %d", FORMS.get(number), query)
            .extracting(row -> row.getString(2))
            .isEqualTo(expected.stream().map(Scored::id).toList());
        for (int rank = 0; rank < DEPTH; rank++) {
          // Of 255 steps, fp32 may take the next one where a value lies on a border.
          assertThat(hits.get(rank).getDouble(4))
              .isCloseTo(expected.get(rank).score(), within(2e-3));
        }
      }
    }
    assertThat(found(5)).isEqualTo(found);
  }
}
