package dev.hone.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where records are read from.
 *
 * @param format {@code wordnet}, {@code beir}, {@code trec}, or the name of a Spark data source
 * @param path what to read; empty where the format needs none
 * @param options the format's options
 * @param explode Spark SQL generators that make rows of nested arrays, in their order
 * @param columns Spark SQL expressions by column of the data set; a column that is not named here
 *     keeps its name
 */
public record SourceConfig(
    String format,
    String path,
    SortedMap<String, String> options,
    List<String> explode,
    SortedMap<String, String> columns) {
  /** The format that reads WordNet from the class path. */
  public static final String WORDNET = "wordnet";

  /** The format of a folder with corpus.jsonl, queries.jsonl and qrels/*.tsv. */
  public static final String BEIR = "beir";

  /** The format of TREC's and older collections: documents, topics, judgements. */
  public static final String TREC = "trec";

  /** Copies the maps. */
  public SourceConfig {
    if (format.isBlank()) {
      throw new IllegalArgumentException("source.format is blank, but must be named");
    }
    options = copy(options);
    explode = List.copyOf(explode);
    columns = copy(columns);
  }

  /** Whether this is WordNet, whose columns are known. */
  public boolean isWordNet() {
    return format.equals(WORDNET);
  }

  /** Whether this is a BEIR folder, whose columns are known. */
  public boolean isBeir() {
    return format.equals(BEIR);
  }

  /** Whether these are files of TREC, whose columns are known. */
  public boolean isTrec() {
    return format.equals(TREC);
  }

  private static SortedMap<String, String> copy(Map<String, String> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /** The source without its secrets. */
  @Override
  public String toString() {
    return "SourceConfig[format="
        + format
        + ", path="
        + Secrets.masked(path)
        + ", options="
        + Secrets.masked(options)
        + ", explode="
        + explode
        + ", columns="
        + columns
        + "]";
  }
}
