package dev.hone.search.spark;

import static org.apache.spark.sql.functions.col;

import dev.hone.search.BinaryHit;
import dev.hone.search.BinarySearch;
import dev.hone.table.RowGroups;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import scala.collection.mutable.ArraySeq;

/** Candidates of a search among binary vectors as rows, and the best of those of all its parts. */
final class BinaryHits {
  /** What a part of a search finds for one query. */
  static final StructType FOUND =
      StructType.fromDDL(
          "dataset STRING, query_id STRING, doc_ids ARRAY<STRING>, distances ARRAY<INT>, scores ARRAY<DOUBLE>");

  private static final StructType BEST =
      StructType.fromDDL(
          "dataset STRING, query_id STRING, doc_ids ARRAY<STRING>, scores ARRAY<DOUBLE>");

  private BinaryHits() {}

  static Row row(String dataset, String query, List<BinaryHit> hits) {
    return RowFactory.create(
        dataset,
        query,
        ArraySeq.make(hits.stream().map(BinaryHit::documentId).toArray(String[]::new)),
        ArraySeq.make(hits.stream().map(BinaryHit::distance).toArray(Integer[]::new)),
        ArraySeq.make(hits.stream().map(BinaryHit::score).toArray(Double[]::new)));
  }

  /** The best k of each query with their rank from 1, ties by id ascending. */
  static Dataset<Row> best(Dataset<Row> found, int k) {
    return Hits.ranked(
        found
            .repartition(col("dataset"), col("query_id"))
            .sortWithinPartitions("dataset", "query_id")
            .mapPartitions(new Merge(k), Encoders.row(BEST)));
  }

  private record Merge(int k) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> parts) {
      return new Mapped<>(new RowGroups(parts, Hits.QUERY), this::merged);
    }

    private Row merged(List<Row> parts) {
      List<BinaryHit> candidates = new ArrayList<>();
      for (Row part : parts) {
        List<String> ids = part.getList(2);
        List<Integer> distances = part.getList(3);
        List<Double> scores = part.getList(4);
        for (int i = 0; i < ids.size(); i++) {
          candidates.add(new BinaryHit(ids.get(i), distances.get(i), scores.get(i)));
        }
      }
      List<BinaryHit> best = BinarySearch.best(candidates, k);
      return RowFactory.create(
          parts.get(0).getString(0),
          parts.get(0).getString(1),
          ArraySeq.make(best.stream().map(BinaryHit::documentId).toArray(String[]::new)),
          ArraySeq.make(best.stream().map(BinaryHit::score).toArray(Double[]::new)));
    }
  }
}
