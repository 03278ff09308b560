package dev.hone.normalize;

import dev.hone.config.SourceRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Data sets in the normal form, as the tables of the same names declare it.
 *
 * @param read one data set's rows by source, each with {@code problem}; empty for several data sets
 * @param kept what the tables are made of, persisted by Spark
 */
record NormalForm(
    Dataset<Row> documents,
    Dataset<Row> queries,
    Dataset<Row> judgements,
    Dataset<Row> scoredPairs,
    Dataset<Row> rejects,
    Map<SourceRole, Dataset<Row>> read,
    List<Dataset<Row>> kept) {

  /** One data set as it was read; the rows of its sources are persisted. */
  NormalForm(
      Dataset<Row> documents,
      Dataset<Row> queries,
      Dataset<Row> judgements,
      Dataset<Row> scoredPairs,
      Dataset<Row> rejects,
      Map<SourceRole, Dataset<Row>> read) {
    this(documents, queries, judgements, scoredPairs, rejects, read, List.copyOf(read.values()));
  }

  /** The form with other documents, queries and judgements, and what is persisted for them. */
  NormalForm with(
      Dataset<Row> documents,
      Dataset<Row> queries,
      Dataset<Row> judgements,
      List<Dataset<Row>> persisted) {
    List<Dataset<Row>> all = new ArrayList<>(kept);
    all.addAll(persisted);
    return new NormalForm(documents, queries, judgements, scoredPairs, rejects, read, all);
  }

  /** The rows of both, and what both keep. */
  NormalForm and(NormalForm other) {
    List<Dataset<Row>> all = new ArrayList<>(kept);
    all.addAll(other.kept);
    return new NormalForm(
        documents.unionByName(other.documents),
        queries.unionByName(other.queries),
        judgements.unionByName(other.judgements),
        scoredPairs.unionByName(other.scoredPairs),
        rejects.unionByName(other.rejects),
        Map.of(),
        all);
  }

  /** Gives back what is persisted. */
  void release() {
    kept.forEach(Dataset::unpersist);
  }
}
