package dev.hone.table;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.spark.sql.Row;

/**
 * Takes rows together that stand one after the other and agree in their first columns, such as
 * those of a query by dataset and query_id, so that memory depends on one group.
 */
public final class RowGroups implements Iterator<List<Row>> {
  private final Iterator<Row> rows;
  private final int columns;
  private Row next;

  /**
   * Groups of some rows.
   *
   * @param columns how many, from the first on, tell a group
   */
  public RowGroups(Iterator<Row> rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    this.next = rows.hasNext() ? rows.next() : null;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public List<Row> next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    Row first = next;
    List<Row> group = new ArrayList<>();
    do {
      group.add(next);
      next = rows.hasNext() ? rows.next() : null;
    } while (next != null && isSame(first, next));
    return group;
  }

  /** The last columns differ most. */
  private boolean isSame(Row left, Row right) {
    for (int column = columns - 1; column >= 0; column--) {
      if (!Objects.deepEquals(left.get(column), right.get(column))) {
        return false;
      }
    }
    return true;
  }
}
