package dev.hone.mine;

import dev.hone.config.TextAnalysis;
import dev.hone.search.spark.Bm25Search;

/**
 * What strategies ask that look at words.
 *
 * @param bm25 over the indexes of all data sets that are mined
 * @param analysis how it cuts texts into terms
 */
public record TermSearch(Bm25Search bm25, TextAnalysis analysis) {}
