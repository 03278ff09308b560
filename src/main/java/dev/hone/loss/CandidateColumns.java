package dev.hone.loss;

import dev.hone.loss.RankingRow.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The candidate columns of a batch and, for each row, which of them count as its negatives.
 *
 * <p>Columns are blocked: the positives of all rows first, so that row i's positive is column i,
 * then the first negatives of the rows that have one, then the second negatives, and so on. A slot
 * that a row does not fill is no column.
 *
 * <p>A column is left out for a row where it would be a false negative: its document is a known
 * positive of the row's query or shares a group with one, it stands in another row of the same
 * query, or its text is the query's own text. Of copies of one text a row counts the first that is
 * left. The rules hold for a row's own hard negatives too, and never for its own positive.
 */
public final class CandidateColumns {
  private final int rows;
  private final List<Slot> slots;
  private final boolean[] kept;

  private CandidateColumns(int rows, List<Slot> slots, boolean[] kept) {
    this.rows = rows;
    this.slots = slots;
    this.kept = kept;
  }

  /**
   * Lays out the columns of a batch and masks each row's false negatives.
   *
   * @throws IllegalArgumentException if there is no row
   */
  public static CandidateColumns of(List<RankingRow> batch) {
    List<Slot> slots = layout(batch);
    boolean[] kept = new boolean[batch.size() * slots.size()];
    for (int row = 0; row < batch.size(); row++) {
      keep(batch, row, slots, kept);
    }
    return new CandidateColumns(batch.size(), slots, kept);
  }

  /** As {@link #of}, but every column counts for every row. */
  public static CandidateColumns unmasked(List<RankingRow> batch) {
    List<Slot> slots = layout(batch);
    boolean[] kept = new boolean[batch.size() * slots.size()];
    Arrays.fill(kept, true);
    return new CandidateColumns(batch.size(), slots, kept);
  }

  private static List<Slot> layout(List<RankingRow> batch) {
    if (batch.isEmpty()) {
      throw new IllegalArgumentException("A batch has 0 rows, must have at least 1");
    }
    List<Slot> slots = new ArrayList<>();
    for (int row = 0; row < batch.size(); row++) {
      slots.add(new Slot(row, -1));
    }
    int depth = batch.stream().mapToInt(row -> row.negatives().size()).max().orElse(0);
    for (int negative = 0; negative < depth; negative++) {
      for (int row = 0; row < batch.size(); row++) {
        if (negative < batch.get(row).negatives().size()) {
          slots.add(new Slot(row, negative));
        }
      }
    }
    return List.copyOf(slots);
  }

  private static void keep(List<RankingRow> batch, int row, List<Slot> slots, boolean[] kept) {
    RankingRow own = batch.get(row);
    Set<String> counted = new HashSet<>();
    counted.add(own.positive().text());
    for (int column = 0; column < slots.size(); column++) {
      Slot slot = slots.get(column);
      Candidate candidate = slot.in(batch);
      boolean counts =
          column == row
              || (!falseNegative(own, batch.get(slot.row()), slot.row() == row, candidate)
                  && counted.add(candidate.text()));
      kept[row * slots.size() + column] = counts;
    }
  }

  private static boolean falseNegative(
      RankingRow own, RankingRow other, boolean same, Candidate candidate) {
    return !Collections.disjoint(own.knownPositives(), candidate.groups())
        || !Collections.disjoint(own.positive().groups(), candidate.groups())
        || candidate.text().equals(own.queryText())
        || (!same && other.queryKey().equals(own.queryKey()));
  }

  /** The number of rows, b. */
  public int rows() {
    return rows;
  }

  /** The number of columns, c: at least b. */
  public int columns() {
    return slots.size();
  }

  /** Where each column's document stands in the batch, in column order. */
  public List<Slot> slots() {
    return slots;
  }

  /**
   * Whether a column takes part in a row's softmax.
   *
   * @throws IndexOutOfBoundsException if there is no such row or column
   */
  public boolean counts(int row, int column) {
    if (row < 0 || row >= rows || column < 0 || column >= slots.size()) {
      throw new IndexOutOfBoundsException(
          "(" + row + ", " + column + ") is outside [" + rows + ", " + slots.size() + "]");
    }
    return kept[row * slots.size() + column];
  }

  /**
   * The place of a column's document.
   *
   * @param row the row in which it stands
   * @param negative its index among the row's negatives, -1 for the row's positive
   */
  public record Slot(int row, int negative) {
    private Candidate in(List<RankingRow> batch) {
      RankingRow home = batch.get(row);
      return negative < 0 ? home.positive() : home.negatives().get(negative);
    }
  }
}
