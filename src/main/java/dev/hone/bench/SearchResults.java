package dev.hone.bench;

import dev.hone.search.Hit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What one contestant found of each query, best first, to be compared with what another found. */
record SearchResults(SortedMap<String, List<Hit>> ofQuery) {
  /** Nothing found. */
  SearchResults() {
    this(new TreeMap<>());
  }

  /** Adds a query's next document. */
  void add(String query, Hit hit) {
    ofQuery.computeIfAbsent(query, id -> new ArrayList<>()).add(hit);
  }

  /** Writes one line per document: query, document and score, between tabs. */
  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    ofQuery.forEach(
        (query, hits) ->
            hits.forEach(hit -> lines.add(query + "\t" + hit.documentId() + "\t" + hit.score())));
    Files.write(file, lines);
  }

  /** Reads what {@link #write} wrote. */
  static SearchResults read(Path file) throws IOException {
    SearchResults results = new SearchResults();
    for (String line : Files.readAllLines(file)) {
      String[] cells = line.split("\t");
      results.add(cells[0], new Hit(cells[1], Float.parseFloat(cells[2])));
    }
    return results;
  }

  /**
   * The first difference to what another one found.
   *
   * @param tolerance how far scores of one rank may lie apart; documents may change places where
   *     they do not lie farther apart. With 0 all is equal, bit for bit.
   */
  Optional<String> difference(SearchResults other, float tolerance) {
    if (!ofQuery.keySet().equals(other.ofQuery.keySet())) {
      return Optional.of(
          "%d and %d queries found something".formatted(ofQuery.size(), other.ofQuery.size()));
    }
    return ofQuery.keySet().stream()
        .filter(query -> !alike(ofQuery.get(query), other.ofQuery.get(query), tolerance))
        .map(
            query -> "%s: %s and %s".formatted(query, ofQuery.get(query), other.ofQuery.get(query)))
        .findFirst();
  }

  private static boolean alike(List<Hit> some, List<Hit> others, float tolerance) {
    if (tolerance == 0) {
      return some.equals(others);
    }
    if (some.size() != others.size()) {
      return false;
    }
    Set<String> ids =
        others.stream().map(Hit::documentId).collect(Collectors.toCollection(HashSet::new));
    float last = others.get(others.size() - 1).score();
    for (int rank = 0; rank < some.size(); rank++) {
      Hit hit = some.get(rank);
      boolean isLast = hit.score() <= last + tolerance;
      if (Math.abs(hit.score() - others.get(rank).score()) > tolerance
          || (!isLast && !ids.contains(hit.documentId()))) {
        return false;
      }
    }
    return true;
  }
}
