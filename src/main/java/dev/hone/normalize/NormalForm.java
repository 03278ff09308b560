package dev.hone.normalize;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Data sets in the normal form, as the tables of the same names declare it.
 *
 * @param kept the cleaned records that the tables are made of, persisted by Spark
 */
record NormalForm(
    Dataset<Row> documents,
    Dataset<Row> queries,
    Dataset<Row> judgements,
    Dataset<Row> scoredPairs,
    Dataset<Row> rejects,
    List<Dataset<Row>> kept) {

  /** The form with other documents, queries and judgements, and what is persisted for them. */
  NormalForm with(
      Dataset<Row> documents,
      Dataset<Row> queries,
      Dataset<Row> judgements,
      List<Dataset<Row>> persisted) {
    List<Dataset<Row>> all = new ArrayList<>(kept);
    all.addAll(persisted);
    return new NormalForm(documents, queries, judgements, scoredPairs, rejects, all);
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
        all);
  }

  /** Gives back what is persisted. */
  void release() {
    kept.forEach(Dataset::unpersist);
  }
}
