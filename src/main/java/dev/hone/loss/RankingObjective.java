package dev.hone.loss;

/** What is asked of the rows of a query, its positive and its hard negatives. */
public sealed interface RankingObjective extends Objective
    permits RankingOptions, GuidedRanking, Distillation, TripletOptions {
  /**
   * The loss of a batch. Its embeddings are those of the b queries, then of the c candidates in
   * column order: [b + c, d].
   */
  BatchLoss over(CandidateColumns columns);
}
