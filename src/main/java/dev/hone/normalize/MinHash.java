package dev.hone.normalize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.minhash.MinHashFilter;
import org.apache.lucene.analysis.shingle.ShingleFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.spark.sql.api.java.UDF1;

/**
 * A text's MinHash signature over its word triples (its words, where it has fewer than three): the
 * share of equal places in two signatures estimates the Jaccard similarity of their triples.
 */
final class MinHash implements UDF1<String, List<Long>> {
  /** Places of a signature; the estimate's standard deviation is at most 0.045. */
  static final int PLACES = 128;

  private static final int WORDS = 3;
  private static final long serialVersionUID = 1L;

  // One for each task that Spark sends this to: it keeps its filters from text to text.
  private transient Analyzer analyzer;

  /** The signature: {@link #PLACES} numbers, or none where the text has no word. */
  @Override
  public List<Long> call(String text) {
    if (analyzer == null) {
      analyzer = new Triples();
    }
    List<Long> signature = new ArrayList<>(PLACES);
    try (TokenStream hashes = analyzer.tokenStream("text", text)) {
      CharTermAttribute term = hashes.addAttribute(CharTermAttribute.class);
      hashes.reset();
      while (hashes.incrementToken()) {
        signature.add(number(term));
      }
      hashes.end();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot be read", e);
    }
    return signature;
  }

  private static long number(CharTermAttribute term) {
    long number = 0;
    for (int i = 0; i < term.length(); i++) {
      number = (number << 16 | number >>> 48) ^ term.charAt(i);
    }
    return number;
  }

  private static final class Triples extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String field) {
      Tokenizer words = new StandardTokenizer();
      ShingleFilter triples = new ShingleFilter(new LowerCaseFilter(words), WORDS, WORDS);
      triples.setOutputUnigrams(false);
      triples.setOutputUnigramsIfNoShingles(true);
      return new TokenStreamComponents(words, new MinHashFilter(triples, 1, PLACES, 1, true));
    }
  }
}
