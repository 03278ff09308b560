package dev.hone.config;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One data set of a run.
 *
 * @param name unique in the run; letters, digits, dots, hyphens and underscores
 * @param type what a row means
 * @param domain the subject area of rows that name none
 * @param trainOn whether the model is trained on it; it is normalized, shown and evaluated anyway
 * @param sources {@link SourceRole#ROWS} alone, or the other three for a ranking data set
 * @param where a Spark SQL condition over the data set's columns; empty for none
 * @param labels the code, 0, 1 or 2, of each label of an nli data set that is not a code itself
 * @param scoreRange the scores that a scored data set can have; else as its scores are
 * @param perGroup how many positives each anchor has in pairs that have a group and no positive
 * @param own what it says of its own training
 * @param split how rows are dealt out where no paths do that
 */
public record DatasetConfig(
    String name,
    DatasetType type,
    String domain,
    boolean trainOn,
    Map<SourceRole, SourceConfig> sources,
    String where,
    SortedMap<String, String> labels,
    Auto<ScoreRange> scoreRange,
    int perGroup,
    OwnTrainConfig own,
    SplitConfig split) {

  private static final Set<SourceRole> RANKING_ROLES =
      Set.of(SourceRole.DOCUMENTS, SourceRole.QUERIES, SourceRole.QRELS);

  /** Refuses sources that do not belong to the type, and columns that it does not have. */
  public DatasetConfig {
    Keys.DATASET_NAME.check(name);
    Keys.DATASET_TYPE.check(type);
    Keys.DATASET_DOMAIN.check(domain);
    Keys.DATASET_WHERE.check(where);
    sources = Collections.unmodifiableMap(new EnumMap<>(sources));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    checkRoles(type, sources);
    checkLabels(type, labels);
    Keys.DATASET_SCORE_RANGE.check(scoreRange);
    Keys.DATASET_PER_GROUP.check(perGroup);
    checkRange(type, sources, scoreRange);
    if (!where.isBlank() && sources.values().stream().anyMatch(SourceConfig::isWordNet)) {
      throw new IllegalArgumentException(
          "names where, but a source of format wordnet has no columns to choose rows by:"
              + " its options choose the domain");
    }
    if (perGroup > 1 && type != DatasetType.PAIRS) {
      throw new IllegalArgumentException(
          "names per-group, but type " + ValueTypes.word(type) + " has no use for it: only pairs");
    }
    checkSplit(sources, split);
    for (Map.Entry<SourceRole, SourceConfig> source : sources.entrySet()) {
      checkColumns(type, source.getKey(), source.getValue());
    }
  }

  private static void checkRoles(DatasetType type, Map<SourceRole, SourceConfig> sources) {
    boolean rows = sources.keySet().equals(Set.of(SourceRole.ROWS));
    boolean ranking = sources.keySet().equals(RANKING_ROLES);
    if (rows && sources.get(SourceRole.ROWS).isTrec()) {
      throw new IllegalArgumentException(
          "has a source of format trec, but such files are no whole rows, nor is their folder:"
              + " name them one by one in documents, queries and qrels, with type = ranking");
    }
    if (type == DatasetType.RANKING) {
      if (!ranking && !(rows && bringsRanking(sources.get(SourceRole.ROWS)))) {
        throw new IllegalArgumentException(
            "has the sources "
                + keys(sources.keySet())
                + ", but type ranking needs documents, queries and qrels (or source with format ="
                + " beir or wordnet)");
      }
    } else if (!rows) {
      throw new IllegalArgumentException(
          "has the sources "
              + keys(sources.keySet())
              + ", but type "
              + ValueTypes.word(type)
              + " needs source alone");
    } else if (sources.get(SourceRole.ROWS).isBeir()) {
      throw new IllegalArgumentException(
          "has a source of format beir, but type "
              + ValueTypes.word(type)
              + ", and such a folder holds type ranking");
    }
  }

  private static boolean bringsRanking(SourceConfig source) {
    return source.isWordNet() || source.isBeir();
  }

  private static void checkLabels(DatasetType type, Map<String, String> labels) {
    if (!labels.isEmpty() && type != DatasetType.NLI) {
      throw new IllegalArgumentException(
          "names labels, but type " + ValueTypes.word(type) + " has none: only nli has");
    }
    labels.forEach(
        (word, code) -> {
          if (!code.matches("[012]")) {
            throw new IllegalArgumentException(
                "names labels." + word + " = " + code + ", but a label means 0, 1 or 2");
          }
        });
  }

  private static void checkRange(
      DatasetType type, Map<SourceRole, SourceConfig> sources, Auto<ScoreRange> range) {
    if (range.isAuto()) {
      return;
    }
    if (type != DatasetType.SCORED) {
      throw new IllegalArgumentException(
          "names score-range, but type " + ValueTypes.word(type) + " has no scores: only scored");
    }
    if (sources.get(SourceRole.ROWS).isWordNet()) {
      throw new IllegalArgumentException("names score-range, but format wordnet brings its own");
    }
  }

  private static void checkSplit(Map<SourceRole, SourceConfig> sources, SplitConfig split) {
    if (sources.containsKey(SourceRole.DOCUMENTS)
        && sources.get(SourceRole.DOCUMENTS).namesSplits()) {
      throw new IllegalArgumentException(
          "names documents.paths, but documents belong to no split: name queries.paths or"
              + " qrels.paths");
    }
    boolean byPath = sources.values().stream().anyMatch(SourceConfig::namesSplits);
    if (byPath && !split.column().isBlank()) {
      throw new IllegalArgumentException(
          "names split.column, but the paths of its sources are those of the splits already: leave"
              + " one of them out");
    }
  }

  private static void checkColumns(DatasetType type, SourceRole role, SourceConfig source) {
    if (bringsRanking(source) && !source.columns().isEmpty()) {
      throw new IllegalArgumentException(
          "names columns "
              + source.columns().keySet()
              + ", but format "
              + source.format()
              + " brings its own");
    }
    Set<String> known = role.knownColumns(type);
    for (String column : source.columns().keySet()) {
      if (!known.contains(column)) {
        throw new IllegalArgumentException(
            "names a column "
                + column
                + ", but the columns of type "
                + ValueTypes.word(type)
                + (role == SourceRole.ROWS ? "" : ", " + role.key())
                + " are "
                + String.join(", ", known));
      }
    }
  }

  /** The same without what it says of its training: all that decides on its rows. */
  public DatasetConfig untrained() {
    return new DatasetConfig(
        name,
        type,
        domain,
        trainOn,
        sources,
        where,
        labels,
        scoreRange,
        perGroup,
        OwnTrainConfig.NONE,
        split);
  }

  private static List<String> keys(Set<SourceRole> roles) {
    return roles.stream().map(SourceRole::key).toList();
  }

  /**
   * The source of whole rows.
   *
   * @throws IllegalArgumentException if the data set has a source each for documents, queries and
   *     judgements
   */
  public SourceConfig source() {
    return source(SourceRole.ROWS);
  }

  /**
   * The source in the role given.
   *
   * @throws IllegalArgumentException if the data set has none
   */
  public SourceConfig source(SourceRole role) {
    SourceConfig source = sources.get(role);
    if (source == null) {
      throw new IllegalArgumentException(
          "Data set " + name + " has no source " + role.key() + ", but " + keys(sources.keySet()));
    }
    return source;
  }
}
