package dev.hone.metric;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Judgements and runs that several tests share. */
final class Runs {
  /** More than any ranking of the tests holds. */
  static final int DEEP = 1000;

  private Runs() {}

  /** A run for a query from lines of the form "document score". */
  static Ranking ranking(String queryId, String... lines) {
    return Ranking.of(
        queryId,
        Arrays.stream(lines)
            .map(line -> line.split(" ", -1))
            .map(parts -> new ScoredDocument(parts[0], Double.parseDouble(parts[1])))
            .toList());
  }

  /** Four judged queries: two with hits, one without a relevant document, one without results. */
  static Map<String, Judgements> fourJudgedQueries() {
    return Map.of(
        "q1", new Judgements(Map.of("d1", 3, "d2", 2, "d3", 1, "d4", 0, "d5", 2)),
        "q2", new Judgements(Map.of("d1", 1, "d2", 1)),
        "q3", new Judgements(Map.of("d9", 0)),
        "q4", new Judgements(Map.of("d7", 1)));
  }

  /** Results for three of the four judged queries, and for one that is not judged. */
  static Map<String, Ranking> runOfFourQueries() {
    return Map.of(
        "q1", ranking("q1", "d2 .9", "d4 .8", "dX .7", "d1 .6", "d3 .5"),
        "q2", ranking("q2", "dA .9", "dB .5", "d1 .5", "dC .5"),
        "q3", ranking("q3", "d9 .4"),
        "q9", ranking("q9", "d1 .4"));
  }

  /** More judged documents that are not relevant than relevant ones, fewer, and none. */
  static Map<String, Judgements> pooledQueries() {
    return Map.of(
        "many", new Judgements(Map.of("r1", 1, "r2", 2, "n1", 0, "n2", 0, "n3", 0, "u1", -1)),
        "few", new Judgements(Map.of("r1", 1, "r2", 1, "r3", 1, "n1", 0, "u1", -2)),
        "none", new Judgements(Map.of("r1", 1, "r2", 1)));
  }

  /** The run for {@link #pooledQueries}. */
  static Map<String, Ranking> runOfPooledQueries() {
    return Map.of(
        "many", ranking("many", "n1 9", "u1 8", "r1 7", "x 6", "n2 5", "n3 4", "r2 3"),
        "few", ranking("few", "r2 9", "u1 8", "n1 7", "r1 6"),
        "none", ranking("none", "x 9", "y 8", "r1 7"));
  }

  /** Seven queries by arithmetic: 12 judged documents, 40 retrieved ones with many ties. */
  static Map<String, Judgements> sevenJudgedQueries() {
    Map<String, Judgements> judgements = new TreeMap<>();
    for (int query = 0; query < 7; query++) {
      Map<String, Integer> grades = new TreeMap<>();
      for (int j = 0; j < 12; j++) {
        grades.put("d" + (query * 31 + j * 17) % 101, (query + j * j) % 4);
      }
      judgements.put("q" + query, new Judgements(grades));
    }
    return judgements;
  }

  /** The run for {@link #sevenJudgedQueries}. */
  static Map<String, Ranking> runOfSevenQueries() {
    Map<String, Ranking> run = new TreeMap<>();
    for (int query = 0; query < 7; query++) {
      ScoredDocument[] documents = new ScoredDocument[40];
      for (int j = 0; j < documents.length; j++) {
        documents[j] =
            new ScoredDocument("d" + (query * 13 + j * 7) % 101, (j * 37 + query) % 23 / 23.0);
      }
      run.put("q" + query, Ranking.of("q" + query, Arrays.asList(documents)));
    }
    return run;
  }
}
