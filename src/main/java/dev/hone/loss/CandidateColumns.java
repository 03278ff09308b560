package dev.hone.loss;

import dev.hone.loss.RankingRow.Candidate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

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
 *
 * <p>What counts is worked out row by row when it is asked for: nothing of the size of rows times
 * columns is kept.
 */
public final class CandidateColumns {
  private final List<RankingRow> batch;
  private final List<Slot> slots;
  private final FalseNegatives falseNegatives;

  private CandidateColumns(
      List<RankingRow> batch, List<Slot> slots, FalseNegatives falseNegatives) {
    this.batch = List.copyOf(batch);
    this.slots = slots;
    this.falseNegatives = falseNegatives;
  }

  /**
   * Lays out the columns of a batch and masks each row's false negatives.
   *
   * @throws IllegalArgumentException if there is no row
   */
  public static CandidateColumns of(List<RankingRow> batch) {
    List<Slot> slots = layout(batch);
    return new CandidateColumns(batch, slots, new FalseNegatives(batch, slots));
  }

  /** As {@link #of}, but every column counts for every row. */
  public static CandidateColumns unmasked(List<RankingRow> batch) {
    return new CandidateColumns(batch, layout(batch), null);
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

  /** The number of rows, b. */
  public int rows() {
    return batch.size();
  }

  /** The rows that were laid out. */
  List<RankingRow> batch() {
    return batch;
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
   * The columns that take part in the softmax over documents of a row's query: its own positive,
   * and all that are no false negative of it.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public BitSet documents(int row) {
    BitSet left = falseNegatives(row);
    if (falseNegatives != null) {
      falseNegatives.addCopies(row, left);
    }
    left.flip(0, columns());
    return left;
  }

  /**
   * The rows whose queries take part in the softmax over queries of a row's positive: its own, and
   * all that it does not answer and that do not ask the same.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public BitSet queries(int row) {
    requireRow(row);
    BitSet left = falseNegatives == null ? new BitSet(rows()) : falseNegatives.queries(row);
    left.flip(0, rows());
    return left;
  }

  /**
   * The rows whose queries count as negatives of a row's query: no two that share an answer.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public BitSet otherQueries(int row) {
    BitSet left = queries(row);
    left.andNot(falseNegatives(row));
    left.clear(row);
    return left;
  }

  /**
   * The columns that count as negatives of a row's positive: those of {@link #documents} that stand
   * in other rows.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public BitSet otherDocuments(int row) {
    BitSet left = documents(row);
    for (int column = left.nextSetBit(0); column >= 0; column = left.nextSetBit(column + 1)) {
      if (slots.get(column).row() == row) {
        left.clear(column);
      }
    }
    return left;
  }

  /**
   * The columns that are false negatives of a row, copies of one text aside; none where nothing is
   * masked.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public BitSet falseNegatives(int row) {
    requireRow(row);
    return falseNegatives == null ? new BitSet(columns()) : falseNegatives.columns(row);
  }

  private void requireRow(int row) {
    if (row < 0 || row >= rows()) {
      throw new IndexOutOfBoundsException(row + " is none of " + rows() + " rows");
    }
  }

  /**
   * The place of a column's document.
   *
   * @param row the row in which it stands
   * @param negative its index among the row's negatives, -1 for the row's positive
   */
  public record Slot(int row, int negative) {
    /** The document, in the batch whose columns were laid out. */
    public Candidate in(List<RankingRow> batch) {
      RankingRow home = batch.get(row);
      return negative < 0 ? home.positive() : home.negatives().get(negative);
    }
  }
}
