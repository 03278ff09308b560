package dev.hone.encode;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import org.apache.spark.sql.Column;

/**
 * Which rows of the normal form need vectors.
 *
 * @param searched data sets whose documents are all searched
 * @param trained data sets whose training queries are mined for
 * @param split whose queries, with the documents they are judged with, and scored pairs are
 *     evaluated, in every data set
 */
public record EncodedRows(List<String> searched, List<String> trained, String split) {

  /** Copies the lists. */
  public EncodedRows {
    searched = List.copyOf(searched);
    trained = List.copyOf(trained);
  }

  Column isSearched() {
    return col("dataset").isin(searched.toArray());
  }

  Column isTrained() {
    return col("split").equalTo("train").and(col("dataset").isin(trained.toArray()));
  }

  Column isEvaluated() {
    return col("split").equalTo(split);
  }
}
