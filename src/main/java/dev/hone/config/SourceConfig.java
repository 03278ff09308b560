package dev.hone.config;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where records are read from.
 *
 * @param format {@code wordnet}, {@code beir}, {@code trec}, or the name of a Spark data source
 * @param path what to read; empty where the format needs none, or {@code paths} are given
 * @param paths what to read for each split, by its name in lower case; empty where the path does
 *     not say which split a record belongs to
 * @param options the format's options
 * @param explode Spark SQL generators that make rows of nested arrays, in their order
 * @param columns Spark SQL expressions by column of the data set; a column that is not named here
 *     keeps its name
 */
public record SourceConfig(
    String format,
    String path,
    SortedMap<String, String> paths,
    SortedMap<String, String> options,
    List<String> explode,
    SortedMap<String, String> columns) {
  /** The format that reads WordNet from the class path. */
  public static final String WORDNET = "wordnet";

  /** The format of a folder with corpus.jsonl, queries.jsonl and qrels/*.tsv. */
  public static final String BEIR = "beir";

  /** The format of TREC's and older collections: documents, topics, judgements. */
  public static final String TREC = "trec";

  private static final List<String> SPLITS =
      Arrays.stream(Split.values()).map(ValueTypes::word).toList();

  /** Copies the maps; refuses paths that do not say of which split they are. */
  public SourceConfig {
    if (format.isBlank()) {
      throw new IllegalArgumentException("source.format is blank, but must be named");
    }
    paths = copy(paths);
    checkPaths(format, path, paths);
    options = copy(options);
    explode = List.copyOf(explode);
    columns = copy(columns);
  }

  /** A source with one path, or none. */
  public SourceConfig(
      String format,
      String path,
      SortedMap<String, String> options,
      List<String> explode,
      SortedMap<String, String> columns) {
    this(format, path, new TreeMap<>(), options, explode, columns);
  }

  private static void checkPaths(String format, String path, Map<String, String> paths) {
    if (paths.isEmpty()) {
      return;
    }
    if (!path.isEmpty()) {
      throw new IllegalArgumentException(
          "names a path and paths of a source, but it is read from one or the others");
    }
    if (format.equals(WORDNET) || format.equals(BEIR)) {
      throw new IllegalArgumentException(
          "names paths, but format " + format + " brings its own splits");
    }
    paths.forEach(
        (split, one) -> {
          if (!SPLITS.contains(split) || one.isBlank()) {
            throw new IllegalArgumentException(
                "names paths."
                    + split
                    + " = \""
                    + one
                    + "\", but paths are those of "
                    + String.join(", ", SPLITS));
          }
        });
  }

  /** Whether the path that a record was read from says which split it belongs to. */
  public boolean namesSplits() {
    return !paths.isEmpty();
  }

  /** All paths that are read; none where the format needs none. */
  public List<String> allPaths() {
    if (namesSplits()) {
      return List.copyOf(paths.values());
    }
    return path.isEmpty() ? List.of() : List.of(path);
  }

  /** What is read, for messages. */
  public String places() {
    return String.join(", ", allPaths());
  }

  /** The same source at one path. */
  public SourceConfig at(String one) {
    return new SourceConfig(format, one, options, explode, columns);
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
        + ", paths="
        + Secrets.masked(paths)
        + ", options="
        + Secrets.masked(options)
        + ", explode="
        + explode
        + ", columns="
        + columns
        + "]";
  }
}
