package dev.hone.report;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The published tables of one run that a report is read from, each with the columns that {@link
 * dev.hone.table.Tables} declares; a table that the run does not have is an empty one. The
 * truncation counts have the {@code model} beside those columns.
 */
public record ReportTables(
    Dataset<Row> documents,
    Dataset<Row> queries,
    Dataset<Row> judgements,
    Dataset<Row> scoredPairs,
    Dataset<Row> audit,
    Dataset<Row> truncationCounts,
    MiningTables mining,
    Dataset<Row> trainingLog,
    Dataset<Row> advice,
    Dataset<Row> rankings,
    Dataset<Row> queryMetrics,
    Dataset<Row> runMetrics,
    Dataset<Row> probes) {}
