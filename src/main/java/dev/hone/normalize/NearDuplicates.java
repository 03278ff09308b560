package dev.hone.normalize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.udf;

import dev.hone.table.Columns;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * Groups texts that are nearly the same, over all data sets, documents and queries: MinHash
 * signatures in bands, pairs checked by their signatures, and groups of what hangs together.
 *
 * <p>Within a band, a text is compared with the first and with the one before it, not with all: the
 * work stays linear where thousands of texts share a band.
 */
final class NearDuplicates {
  private static final int ID_LENGTH = 32;
  private static final String PREFIX = "n-";
  private static final UserDefinedFunction SIGNATURE =
      udf(new MinHash(), DataTypes.createArrayType(DataTypes.LongType));

  private final double threshold;
  private final List<Dataset<Row>> persisted = new ArrayList<>();

  /** Groups of texts whose estimated Jaccard similarity is {@code threshold} or more, up to 1. */
  NearDuplicates(double threshold) {
    this.threshold = threshold;
  }

  /** The form with {@code group_id} of documents and queries; groups that the data bring stay. */
  NormalForm of(NormalForm form) {
    try {
      Dataset<Row> groups = groups(texts(form));
      Dataset<Row> documents = grouped(form.documents(), groups).persist(StorageLevel.DISK_ONLY());
      Dataset<Row> queries = grouped(form.queries(), groups).persist(StorageLevel.DISK_ONLY());
      documents.count();
      queries.count();
      return form.with(documents, queries, form.judgements(), List.of(documents, queries));
    } finally {
      persisted.forEach(Dataset::unpersist);
    }
  }

  /** Whether a group is one of near-duplicates, not one that the data bring. */
  static Column isGroup(Column groupId) {
    return groupId.startsWith(PREFIX);
  }

  private static Dataset<Row> texts(NormalForm form) {
    return form.documents()
        .select(col("content_hash"), SourceForm.whole().as("text"))
        .union(form.queries().select("content_hash", "text"))
        .dropDuplicates("content_hash");
  }

  private static Dataset<Row> grouped(Dataset<Row> rows, Dataset<Row> groups) {
    return rows.join(groups, Columns.names("content_hash"), "left")
        .withColumn("group_id", coalesce(col("group_id"), col("near")))
        .drop("near");
  }

  /** content_hash, near: only of texts that are not alone. */
  private Dataset<Row> groups(Dataset<Row> texts) {
    Dataset<Row> signatures =
        keep(
            texts
                .select(col("content_hash").as("text"), SIGNATURE.apply(col("text")).as("places"))
                .filter("size(places) = " + MinHash.PLACES));
    Dataset<Row> pairs = similar(candidates(signatures), signatures);
    Dataset<Row> edges =
        keep(
            // A union of both directions would find all candidates twice.
            pairs.selectExpr("inline(array(struct(a, b), struct(b as a, a as b)))").distinct());
    return components(edges)
        .select(
            col("text").as("content_hash"),
            concat(lit(PREFIX), substring(col("label"), 1, ID_LENGTH)).as("near"));
  }

  private Dataset<Row> keep(Dataset<Row> rows) {
    Dataset<Row> kept = rows.persist(StorageLevel.DISK_ONLY());
    persisted.add(kept);
    return kept;
  }

  /** Places per band: the most that still find nearly all pairs at the threshold. */
  static int rows(double threshold) {
    int best = 1;
    for (int rows = 2; rows <= MinHash.PLACES / 2; rows *= 2) {
      double half = Math.pow((double) rows / MinHash.PLACES, 1.0 / rows);
      best = half <= 0.9 * threshold ? rows : best;
    }
    return best;
  }

  private Dataset<Row> candidates(Dataset<Row> signatures) {
    int rows = rows(threshold);
    String band =
        "transform(sequence(0, %d), i -> xxhash64(i, slice(places, i * %d + 1, %d)))"
            .formatted(MinHash.PLACES / rows - 1, rows, rows);
    Dataset<Row> bands = signatures.select(col("text"), explode(expr(band)).as("band"));
    Dataset<Row> neighbours =
        bands.selectExpr(
            "text as a",
            "first_value(text) over (partition by band order by text) as first",
            "lag(text) over (partition by band order by text) as before");
    return neighbours
        .selectExpr("a", "explode(array(first, before)) as b")
        .filter("b is not null and a != b")
        .distinct();
  }

  private Dataset<Row> similar(Dataset<Row> candidates, Dataset<Row> signatures) {
    String agreement =
        "size(filter(zip_with(places_a, places_b, (x, y) -> x = y), same -> same)) >= %s * %d"
            .formatted(threshold, MinHash.PLACES);
    return candidates
        .join(
            signatures.select(col("text").as("a"), col("places").as("places_a")),
            Columns.names("a"))
        .join(
            signatures.select(col("text").as("b"), col("places").as("places_b")),
            Columns.names("b"))
        .filter(agreement)
        .select("a", "b");
  }

  /** The least text that each text hangs together with, by labels that spread and jump. */
  private Dataset<Row> components(Dataset<Row> edges) {
    Dataset<Row> labels = keep(edges.select(col("a").as("text"), col("a").as("label")).distinct());
    while (true) {
      Dataset<Row> spread =
          edges
              .join(
                  labels.select(col("text").as("b"), col("label").as("other")), Columns.names("b"))
              .groupBy(col("a").as("text"))
              .agg(expr("min(other) as other"))
              .join(labels, Columns.names("text"))
              .select(col("text"), least(col("label"), col("other")).as("near"), col("label"));
      Dataset<Row> jumped =
          spread
              .join(
                  labels.select(col("text").as("near"), col("label").as("far")),
                  Columns.names("near"))
              .select(
                  col("text"),
                  least(col("near"), col("far")).as("label"),
                  col("label").as("before"));
      Dataset<Row> next = jumped.localCheckpoint(true, StorageLevel.DISK_ONLY());
      labels = next.select("text", "label");
      if (next.filter("label != before").isEmpty()) {
        return labels;
      }
    }
  }
}
