package dev.hone.normalize;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** All data sets in the normal form, as the tables of the same names declare it. */
record NormalForm(
    Dataset<Row> documents,
    Dataset<Row> queries,
    Dataset<Row> judgements,
    Dataset<Row> scoredPairs,
    Dataset<Row> rejects) {}
