package dev.hone.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import dev.hone.encode.Texts;
import dev.hone.table.Columns;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/**
 * Documents drawn for each query by a hash of seed, query and document.
 *
 * <p>Hashing every pair would cost queries times documents. So documents and queries are first
 * dealt to buckets, by hashes of their own, as many as leave about a thousand documents, or eight
 * times the depth, in each; a query draws from its bucket. A small corpus has one bucket.
 */
final class RandomDocuments {
  private static final int SMALLEST_BUCKET = 1024;
  private static final int DEPTHS_PER_BUCKET = 8;

  private final MinerSearch search;
  private final long seed;

  RandomDocuments(MinerSearch search, long seed) {
    this.search = search;
    this.seed = seed;
  }

  /** The first documents of each query: dataset, query_id, doc_id, rank from 1, score (null). */
  Dataset<Row> drawn(int depth) {
    long size = Math.max(SMALLEST_BUCKET, (long) DEPTHS_PER_BUCKET * depth);
    Dataset<Row> buckets =
        search
            .documents()
            .groupBy("dataset")
            .agg(count(lit(1)).as("documents"))
            .select(
                col("dataset"),
                expr("cast(pow(2, greatest(0, floor(log2(documents / %d)))) as bigint)"
                        .formatted(size))
                    .as("buckets"));
    Dataset<Row> documents =
        search.documents().select("dataset", "doc_id").join(buckets, "dataset");
    Dataset<Row> queries = search.queries().select("dataset", "query_id").join(buckets, "dataset");
    Column hash =
        Texts.hash(concat_ws("\u0001", lit(seed), col("dataset"), col("query_id"), col("doc_id")));
    Column rank =
        row_number()
            .over(Window.partitionBy("dataset", "query_id").orderBy(col("hash"), col("doc_id")));
    return queries
        .withColumn("bucket", bucket("query", "query_id"))
        .drop("buckets")
        .join(
            documents.withColumn("bucket", bucket("document", "doc_id")).drop("buckets"),
            Columns.names("dataset", "bucket"))
        .withColumn("hash", hash)
        .withColumn("rank", rank)
        .filter(col("rank").leq(depth))
        .select(
            col("dataset"),
            col("query_id"),
            col("doc_id"),
            col("rank"),
            lit(null).cast(DataTypes.DoubleType).as("score"));
  }

  private Column bucket(String role, String id) {
    return pmod(xxhash64(lit(seed), lit(role), col("dataset"), col(id)), col("buckets"));
  }
}
