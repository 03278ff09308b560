package dev.hone.loss;

import dev.hone.loss.RankingRow.Candidate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the documents and queries of a batch answer each other, found by groups, texts and queries:
 * the work grows with the hits, not with rows times columns.
 */
final class FalseNegatives {
  private final List<RankingRow> batch;
  private final int columns;
  private final Map<String, List<Integer>> columnsOfGroup = new HashMap<>();
  private final Map<String, List<Integer>> columnsOfText = new HashMap<>();
  private final Map<Integer, List<Integer>> columnsOfRow = new HashMap<>();
  private final Map<String, List<Integer>> rowsAnsweredBy = new HashMap<>();
  private final Map<String, List<Integer>> rowsOfKey = new HashMap<>();
  private final Map<String, List<Integer>> rowsOfQueryText = new HashMap<>();
  private final List<List<Integer>> copies;

  /** Indexes a batch whose columns are {@code slots}. */
  FalseNegatives(List<RankingRow> batch, List<CandidateColumns.Slot> slots) {
    this.batch = batch;
    this.columns = slots.size();
    for (int column = 0; column < columns; column++) {
      Candidate candidate = slots.get(column).in(batch);
      for (String group : candidate.groups()) {
        add(columnsOfGroup, group, column);
      }
      add(columnsOfText, candidate.text(), column);
      add(columnsOfRow, slots.get(column).row(), column);
    }
    for (int row = 0; row < batch.size(); row++) {
      for (String group : answers(row)) {
        add(rowsAnsweredBy, group, row);
      }
      add(rowsOfKey, batch.get(row).queryKey(), row);
      add(rowsOfQueryText, batch.get(row).queryText(), row);
    }
    this.copies = columnsOfText.values().stream().filter(same -> same.size() > 1).toList();
  }

  private static <K> void add(Map<K, List<Integer>> index, K key, int place) {
    index.computeIfAbsent(key, any -> new ArrayList<>()).add(place);
  }

  /** Groups of all documents that answer a row's query. */
  private Set<String> answers(int row) {
    Set<String> groups = new HashSet<>(batch.get(row).knownPositives());
    groups.addAll(batch.get(row).positive().groups());
    return groups;
  }

  /** Columns that answer a row's query, are its own text or stand in another row of it. */
  BitSet columns(int row) {
    BitSet found = new BitSet(columns);
    for (String group : answers(row)) {
      set(found, columnsOfGroup, group);
    }
    set(found, columnsOfText, batch.get(row).queryText());
    for (int other : rowsOfKey.get(batch.get(row).queryKey())) {
      if (other != row) {
        set(found, columnsOfRow, other);
      }
    }
    found.clear(row);
    return found;
  }

  /** Adds, of each text's columns that are not in {@code found}, all but the first. */
  void addCopies(int row, BitSet found) {
    String own = batch.get(row).positive().text();
    set(found, columnsOfText, own);
    for (List<Integer> same : copies) {
      boolean seen = false;
      for (int column : same) {
        if (seen) {
          found.set(column);
        } else {
          seen = !found.get(column);
        }
      }
    }
    found.clear(row);
  }

  /** Rows whose query a row's positive answers, or which ask the same. */
  BitSet queries(int row) {
    RankingRow own = batch.get(row);
    BitSet found = new BitSet(batch.size());
    for (String group : own.positive().groups()) {
      set(found, rowsAnsweredBy, group);
    }
    set(found, rowsOfKey, own.queryKey());
    set(found, rowsOfQueryText, own.queryText());
    found.clear(row);
    return found;
  }

  private static <K> void set(BitSet found, Map<K, List<Integer>> index, K key) {
    for (int place : index.getOrDefault(key, List.of())) {
      found.set(place);
    }
  }
}
