package dev.hone.cluster;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the guide of a training makes of the texts that it is trained on.
 *
 * @param digest of all that the vectors depend on
 * @param queries dataset, query_id, vector
 * @param documents dataset, doc_id, vector
 */
public record GuideVectors(String digest, Dataset<Row> queries, Dataset<Row> documents) {}
