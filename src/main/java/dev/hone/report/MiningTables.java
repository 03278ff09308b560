package dev.hone.report;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The published tables that the section about hard negatives is read from, each with the columns
 * that {@link dev.hone.table.Tables} declares and the rows of all mining rounds; a table that the
 * run does not have is an empty one. Documents are chunks here, as negatives name them.
 */
public record MiningTables(
    Dataset<Row> documents,
    Dataset<Row> queries,
    Dataset<Row> candidates,
    Dataset<Row> negatives,
    Dataset<Row> filterCounts) {}
