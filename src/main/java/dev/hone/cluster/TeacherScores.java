package dev.hone.cluster;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A teacher's scores of queries and documents, for a training that learns from them.
 *
 * @param digest of all that the scores depend on
 * @param scores dataset, query_id, doc_id, score; each pair once
 */
public record TeacherScores(String digest, Dataset<Row> scores) {}
