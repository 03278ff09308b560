package dev.hone.search.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.pipeline.SmallWorkspace;
import dev.hone.search.SearchUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Dense top-k on Spark: the same rows however documents and queries are divided. */
class VectorSearchTest {
  private static final StructType VECTORS =
      StructType.fromDDL("dataset STRING, id STRING, vector ARRAY<FLOAT>");
  private final SparkSession spark = SmallWorkspace.spark();

  private static List<Row> rows(String dataset, String name, int count, int ids, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object[] vector = new Object[32];
      for (int place = 0; place < vector.length; place++) {
        vector[place] = (float) random.nextGaussian();
      }
      rows.add(RowFactory.create(dataset, name + i % ids, vector));
    }
    return rows;
  }

  private Dataset<Row> frame(List<Row> rows) {
    return spark.createDataFrame(rows, VECTORS);
  }

  private List<String> search(
      Dataset<Row> documents, Dataset<Row> queries, SearchUnit unit, int k) {
    return new VectorSearch(spark, 1)
            .search(documents, queries, unit, k)
            .orderBy("dataset", "query_id", "rank")
            .collectAsList()
            .stream()
            .map(Row::toString)
            .toList();
  }

  @Test
  void rowsAreTheSameForAnyPartitionsAndQueryBlocks() {
    List<Row> documents = rows("a", "d", 2000, 2000, 1);
    documents.addAll(rows("b", "d", 700, 700, 2));
    List<Row> queries = rows("a", "q", 90, 90, 3);
    queries.addAll(rows("b", "q", 30, 30, 4));
    queries.addAll(rows("no documents", "q", 3, 3, 5));
    List<String> expected =
        search(frame(documents).coalesce(1), frame(queries), SearchUnit.CHUNK, 20);
    assertThat(expected).hasSize(120 * 20);
    for (int partitions : new int[] {4, 16}) {
      assertThat(
              search(
                  frame(documents).repartition(partitions),
                  frame(queries).repartition(partitions),
                  SearchUnit.CHUNK,
                  20))
          .isEqualTo(expected);
    }
    // So many results that the queries come in several blocks.
    List<String> deep = search(frame(documents), frame(queries), SearchUnit.CHUNK, 100_000);
    assertThat(deep).hasSize(90 * 2000 + 30 * 700).containsAll(expected);
  }

  @Test
  void scoresAreThoseOfFloat64() {
    List<Row> documents = rows("a", "d", 500, 500, 6);
    List<Row> queries = rows("a", "q", 10, 10, 7);
    List<Row> found =
        new VectorSearch(spark, 2)
            .search(frame(documents), frame(queries), SearchUnit.CHUNK, 500)
            .collectAsList();
    Map<String, Row> vectors = new HashMap<>();
    documents.forEach(row -> vectors.put(row.getString(1), row));
    queries.forEach(row -> vectors.put(row.getString(1), row));
    assertThat(found).hasSize(5000);
    for (Row hit : found) {
      assertThat(hit.getDouble(4))
          .isCloseTo(
              product(vectors.get(hit.getString(1)), vectors.get(hit.getString(2))),
              org.assertj.core.api.Assertions.within(1e-5));
    }
  }

  private static double product(Row a, Row b) {
    Object[] left = (Object[]) a.get(2);
    Object[] right = (Object[]) b.get(2);
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (double) (Float) left[i] * (Float) right[i];
    }
    return sum;
  }

  @Test
  void documentCountsByTheBestOfItsVectorsAcrossPartitions() {
    List<Row> chunks = rows("a", "parent", 900, 45, 8);
    List<Row> queries = rows("a", "q", 6, 6, 9);
    List<Row> found =
        new VectorSearch(spark, 1)
            .search(frame(chunks).repartition(7), frame(queries), SearchUnit.PARENT, 12)
            .orderBy("query_id", "rank")
            .collectAsList();
    assertThat(found).hasSize(6 * 12);
    for (int query = 0; query < 6; query++) {
      Map<String, Double> best = new HashMap<>();
      for (Row chunk : chunks) {
        best.merge(chunk.getString(1), product(queries.get(query), chunk), Math::max);
      }
      List<String> expected =
          best.entrySet().stream()
              .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
              .limit(12)
              .map(Map.Entry::getKey)
              .toList();
      assertThat(found.subList(query * 12, query * 12 + 12))
          .extracting(row -> row.getString(2))
          .isEqualTo(expected);
    }
  }

  @Test
  void nothingIsFoundWhereThereAreNoQueriesOrNoDocuments() {
    assertThat(search(frame(List.of()), frame(rows("a", "q", 2, 2, 1)), SearchUnit.CHUNK, 3))
        .isEmpty();
    assertThat(search(frame(rows("a", "d", 2, 2, 1)), frame(List.of()), SearchUnit.CHUNK, 3))
        .isEmpty();
    assertThat(
            search(
                frame(rows("a", "d", 2, 2, 1)),
                frame(rows("a", "q", 1, 1, 2)),
                SearchUnit.CHUNK,
                3))
        .hasSize(2);
  }
}
