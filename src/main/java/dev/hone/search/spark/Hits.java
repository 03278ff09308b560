package dev.hone.search.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;

import dev.hone.search.Hit;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Results of a search as rows, and how those of its parts become those of the whole. */
final class Hits {
  /** What a part of a search finds: dataset, query_id, doc_id, score. */
  static final StructType FOUND =
      new StructType()
          .add("dataset", DataTypes.StringType)
          .add("query_id", DataTypes.StringType)
          .add("doc_id", DataTypes.StringType)
          .add("score", DataTypes.DoubleType);

  private Hits() {}

  static List<Row> rows(String dataset, String query, List<Hit> hits) {
    List<Row> rows = new ArrayList<>(hits.size());
    for (Hit hit : hits) {
      rows.add(RowFactory.create(dataset, query, hit.documentId(), (double) hit.score()));
    }
    return rows;
  }

  /** Of a document that several parts found, the best score. */
  static Dataset<Row> distinct(Dataset<Row> found) {
    return found.groupBy("dataset", "query_id", "doc_id").agg(max("score").as("score"));
  }

  /** The best k of each query with their rank from 1, ties by id ascending. */
  static Dataset<Row> best(Dataset<Row> found, int k) {
    return found
        .withColumn(
            "rank",
            row_number()
                .over(
                    Window.partitionBy("dataset", "query_id")
                        .orderBy(col("score").desc(), col("doc_id"))))
        .filter(col("rank").leq(k))
        .select("dataset", "query_id", "doc_id", "rank", "score");
  }
}
