package dev.hone.search.spark;

import dev.hone.search.Bm25Index;
import dev.hone.search.DenseSearch;
import dev.hone.search.Hit;
import dev.hone.search.TextDocument;
import dev.hone.store.LocalCache;
import dev.hone.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.CoGroupFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Searches each data set's documents with its queries, by BM25 or by vectors. */
public final class DatasetSearch {
  /** What a search returns: dataset, query_id, doc_id, rank from 1, score. */
  public static final StructType HITS =
      new StructType()
          .add("dataset", DataTypes.StringType)
          .add("query_id", DataTypes.StringType)
          .add("doc_id", DataTypes.StringType)
          .add("rank", DataTypes.IntegerType)
          .add("score", DataTypes.DoubleType);

  private DatasetSearch() {}

  /**
   * BM25 top-k, ties by id ascending.
   *
   * @param documents dataset, id, text
   * @param queries dataset, id, text
   */
  public static Dataset<Row> bm25(Dataset<Row> documents, Dataset<Row> queries, int k) {
    return cogroup(documents, queries, new Bm25(k));
  }

  /**
   * Exact top-k by inner product, ties by id ascending.
   *
   * @param documents dataset, id, vector
   * @param queries dataset, id, vector
   * @param threads libtorch's threads
   */
  public static Dataset<Row> dense(
      Dataset<Row> documents, Dataset<Row> queries, int k, int threads) {
    return cogroup(documents, queries, new Dense(k, threads));
  }

  private static Dataset<Row> cogroup(
      Dataset<Row> documents, Dataset<Row> queries, CoGroupFunction<String, Row, Row, Row> search) {
    MapFunction<Row, String> dataset = row -> row.getString(0);
    return documents
        .groupByKey(dataset, Encoders.STRING())
        .cogroup(queries.groupByKey(dataset, Encoders.STRING()), search, Encoders.row(HITS));
  }

  private static void append(List<Row> rows, String dataset, String query, List<Hit> hits) {
    for (int i = 0; i < hits.size(); i++) {
      Hit hit = hits.get(i);
      rows.add(RowFactory.create(dataset, query, hit.documentId(), i + 1, (double) hit.score()));
    }
  }

  private record Bm25(int k) implements CoGroupFunction<String, Row, Row, Row> {
    @Override
    public Iterator<Row> call(String dataset, Iterator<Row> documents, Iterator<Row> queries)
        throws IOException {
      Path folder = Files.createTempDirectory("hone-bm25");
      List<Row> rows = new ArrayList<>();
      try (Bm25Index index = Bm25Index.build(folder, texts(documents))) {
        while (queries.hasNext()) {
          Row query = queries.next();
          append(rows, dataset, query.getString(1), index.search(query.getString(2), k));
        }
      } finally {
        LocalCache.delete(folder);
      }
      return rows.iterator();
    }

    private static Iterator<TextDocument> texts(Iterator<Row> documents) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return documents.hasNext();
        }

        @Override
        public TextDocument next() {
          Row row = documents.next();
          return new TextDocument(row.getString(1), row.getString(2));
        }
      };
    }
  }

  private record Dense(int k, int threads) implements CoGroupFunction<String, Row, Row, Row> {
    @Override
    public Iterator<Row> call(String dataset, Iterator<Row> documents, Iterator<Row> queries) {
      List<Row> rows = new ArrayList<>();
      List<String> documentIds = new ArrayList<>();
      float[][] documentVectors = vectors(documents, documentIds);
      List<String> queryIds = new ArrayList<>();
      float[][] queryVectors = vectors(queries, queryIds);
      if (queryIds.isEmpty() || documentIds.isEmpty()) {
        return rows.iterator();
      }
      TorchRuntime.start(threads);
      try (var scope = TorchRuntime.scope()) {
        List<List<Hit>> hits =
            new DenseSearch(scope, queryVectors[0].length)
                .search(queryVectors, documentIds, documentVectors, k);
        for (int i = 0; i < hits.size(); i++) {
          append(rows, dataset, queryIds.get(i), hits.get(i));
        }
      }
      return rows.iterator();
    }

    /** In the order of ids: blocks of the search do not depend on the order of a shuffle. */
    private static float[][] vectors(Iterator<Row> rows, List<String> ids) {
      List<Row> sorted = new ArrayList<>();
      rows.forEachRemaining(sorted::add);
      sorted.sort(Comparator.comparing(row -> row.getString(1)));
      List<float[]> vectors = new ArrayList<>();
      for (Row row : sorted) {
        ids.add(row.getString(1));
        List<Float> values = row.getList(2);
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
          vector[i] = values.get(i);
        }
        vectors.add(vector);
      }
      return vectors.toArray(float[][]::new);
    }
  }
}
