package dev.hone.search;

import dev.hone.config.TextAnalysis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** Counts the terms of texts as BM25 sees them. Safe for several threads. */
public final class TermCounter implements AutoCloseable {
  private final Analyzer analyzer;

  /** Counts terms of one analysis. */
  public TermCounter(TextAnalysis analysis) {
    this.analyzer = Analyzers.open(analysis);
  }

  /** The terms of a text, and how often each stands there; operators of query parsers are words. */
  public SortedMap<String, Integer> terms(String text) {
    SortedMap<String, Integer> counts = new TreeMap<>();
    try (TokenStream tokens = analyzer.tokenStream("text", text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        counts.merge(term.toString(), 1, Integer::sum);
      }
      tokens.end();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot fail to be read", e);
    }
    return counts;
  }

  @Override
  public void close() {
    analyzer.close();
  }
}
