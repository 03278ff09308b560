package dev.hone.mine;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a strategy proposes.
 *
 * @param rows dataset, query_id, doc_id, rank (INT, from 1), score (DOUBLE, or null)
 * @param digest digest of the index, model or data that it asked
 */
record Found(Dataset<Row> rows, String digest) {}
