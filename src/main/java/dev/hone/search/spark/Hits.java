package dev.hone.search.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.posexplode;

import dev.hone.search.Hit;
import dev.hone.search.SearchUnit;
import dev.hone.table.RowGroups;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import scala.collection.mutable.ArraySeq;

/** Results of a search as rows, and how those of its parts become those of the whole. */
final class Hits {
  /** What a part of a search finds for one query, best first. */
  static final StructType FOUND =
      StructType.fromDDL(
          "dataset STRING, query_id STRING, doc_ids ARRAY<STRING>, scores ARRAY<FLOAT>");

  /** The first columns, which tell a query. */
  static final int QUERY = 2;

  private Hits() {}

  static Row row(String dataset, String query, List<Hit> hits) {
    String[] ids = new String[hits.size()];
    Float[] scores = new Float[hits.size()];
    for (int rank = 0; rank < ids.length; rank++) {
      ids[rank] = hits.get(rank).documentId();
      scores[rank] = hits.get(rank).score();
    }
    // As Spark reads arrays: it may hand the row on as it is.
    return RowFactory.create(dataset, query, ArraySeq.make(ids), ArraySeq.make(scores));
  }

  /**
   * The best k of each query with their rank from 1, ties by id ascending.
   *
   * @param unit {@code PARENT} where several parts may find one document: its best score counts
   */
  static Dataset<Row> best(Dataset<Row> found, SearchUnit unit, int k) {
    return ranked(
        found
            .repartition(col("dataset"), col("query_id"))
            .sortWithinPartitions("dataset", "query_id")
            .mapPartitions(new Merge(unit, k), Encoders.row(FOUND)));
  }

  /** A row for each rank, from 1, of what was found for all of a query. */
  static Dataset<Row> ranked(Dataset<Row> found) {
    return found
        .select(
            col("dataset"),
            col("query_id"),
            col("scores"), // by reference: generated code writes none but its own element
            posexplode(col("doc_ids")).as(new String[] {"at", "doc_id"}))
        .select(
            col("dataset"),
            col("query_id"),
            col("doc_id"),
            col("at").plus(1).as("rank"),
            col("scores").getItem(col("at")).cast("double").as("score"));
  }

  private record Merge(SearchUnit unit, int k) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> parts) {
      return new Mapped<>(new RowGroups(parts, QUERY), this::merged);
    }

    private Row merged(List<Row> parts) {
      List<Hit> hits = new ArrayList<>();
      for (Row part : parts) {
        List<String> ids = part.getList(2);
        List<Float> scores = part.getList(3);
        for (int rank = 0; rank < ids.size(); rank++) {
          hits.add(new Hit(ids.get(rank), scores.get(rank)));
        }
      }
      hits.sort(Hit.ORDER);
      return row(parts.get(0).getString(0), parts.get(0).getString(1), best(hits));
    }

    private List<Hit> best(List<Hit> sorted) {
      Set<String> known = new HashSet<>();
      return sorted.stream()
          .filter(hit -> unit == SearchUnit.CHUNK || known.add(hit.documentId()))
          .limit(k)
          .toList();
    }
  }
}
