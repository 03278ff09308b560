package dev.hone.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import dev.hone.encode.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Divides each data set's vectors into clusters, found among a sample that a hash draws. */
final class VectorClusters {
  /** Vectors of a data set that the driver clusters: 6 MiB at 384 dimensions. */
  private static final int SAMPLE = 4096;

  private static final StructType ASSIGNED =
      new StructType()
          .add("dataset", DataTypes.StringType)
          .add("doc_id", DataTypes.StringType)
          .add("cluster", DataTypes.IntegerType);

  private final Dataset<Row> vectors;
  private final int clusters;
  private final long seed;

  /** Clusters of rows dataset, doc_id, vector. */
  VectorClusters(Dataset<Row> vectors, int clusters, long seed) {
    this.vectors = vectors;
    this.clusters = clusters;
    this.seed = seed;
  }

  /** dataset, doc_id, cluster of all rows. */
  Dataset<Row> assigned() {
    Map<String, KMeans> byDataset = new TreeMap<>();
    sample().forEach((dataset, some) -> byDataset.put(dataset, KMeans.fit(some, clusters)));
    return vectors
        .select("dataset", "doc_id", "vector")
        .map(new Assign(byDataset), Encoders.row(ASSIGNED));
  }

  private SortedMap<String, List<float[]>> sample() {
    Dataset<Row> drawn =
        vectors
            .withColumn(
                "hash", Texts.hash(concat_ws("\u0001", lit(seed), col("dataset"), col("doc_id"))))
            .withColumn(
                "place",
                row_number()
                    .over(Window.partitionBy("dataset").orderBy(col("hash"), col("doc_id"))))
            .filter(col("place").leq(SAMPLE))
            .orderBy("dataset", "place")
            .select("dataset", "vector");
    SortedMap<String, List<float[]>> sample = new TreeMap<>();
    for (Row row : drawn.collectAsList()) {
      sample.computeIfAbsent(row.getString(0), one -> new ArrayList<>()).add(floats(row, 1));
    }
    return sample;
  }

  private static float[] floats(Row row, int column) {
    List<Float> values = row.getList(column);
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
    }
    return vector;
  }

  private record Assign(Map<String, KMeans> byDataset) implements MapFunction<Row, Row> {
    @Override
    public Row call(Row row) {
      return RowFactory.create(
          row.getString(0),
          row.getString(1),
          byDataset.get(row.getString(0)).nearest(floats(row, 2)));
    }
  }
}
