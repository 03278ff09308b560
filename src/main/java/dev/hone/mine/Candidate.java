package dev.hone.mine;

/**
 * One document that a strategy proposes as a query's negative, with all that filters look at.
 *
 * @param document the document's id
 * @param strategy the name of the strategy
 * @param digest digest of the index, model or data that the strategy asked
 * @param rank position in the strategy's order, from 1
 * @param filterScore the filter scorer's score; null where it has none
 * @param positiveScore its score of the query's lowest positive; null where there is none
 * @param isKnownPositive whether the text, or one of its group, answers the query's text in any
 *     data set
 * @param isOwnText whether it is the query's text
 * @param isHeldOut whether the text belongs to a query outside training, or answers one
 */
record Candidate(
    String document,
    String strategy,
    String digest,
    int rank,
    Double filterScore,
    Double positiveScore,
    boolean isKnownPositive,
    boolean isOwnText,
    boolean isHeldOut) {}
