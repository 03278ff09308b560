package dev.hone.train;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** The validation split of one data set, with the metric that its type is measured by. */
public sealed interface ValidationSet extends Serializable {
  /** The data set's name. */
  String dataset();

  /** A text under an id; several documents of one id are its chunks, of which the best counts. */
  record Text(String id, String text) implements Serializable {}

  /**
   * Queries for which documents are ranked: NDCG, MRR, MAP or recall, as the use case says.
   *
   * @param queries in the order of their ids
   * @param documents what is ranked
   * @param grades of each query's judged documents, by id
   */
  record Ranked(
      String dataset,
      List<Text> queries,
      List<Text> documents,
      Map<String, Map<String, Integer>> grades)
      implements ValidationSet {}

  /**
   * Texts that are nearer to a query than others: the share of triplets in order.
   *
   * @param triplets a query, its positive, and another document
   */
  record Compared(String dataset, List<Triplet> triplets) implements ValidationSet {}

  /** A query with a document that answers it and one that does not. */
  record Triplet(String query, String positive, String other) implements Serializable {}

  /** Pairs with a score: Spearman's correlation of score and similarity. */
  record Scored(String dataset, List<Pair> pairs) implements ValidationSet {}

  /** Two texts and how similar they are. */
  record Pair(String a, String b, double score) implements Serializable {}
}
