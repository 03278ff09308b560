package dev.hone.normalize;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The tables of the normal form as a try has written them. */
public record WrittenForm(
    Dataset<Row> documents,
    Dataset<Row> queries,
    Dataset<Row> judgements,
    Dataset<Row> scoredPairs,
    Dataset<Row> rejects) {}
