package dev.hone.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/**
 * Takes rows that stand one after the other and belong to the same query together, so that memory
 * depends on one query. The first two columns, dataset and query_id, are UTF-8 bytes.
 */
final class QueryGroups implements Iterator<List<Row>> {
  private final Iterator<Row> rows;
  private Row next;

  QueryGroups(Iterator<Row> rows) {
    this.rows = rows;
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
    } while (next != null && sameQuery(first, next));
    return group;
  }

  private static boolean sameQuery(Row left, Row right) {
    return Arrays.equals((byte[]) left.get(1), (byte[]) right.get(1))
        && Arrays.equals((byte[]) left.get(0), (byte[]) right.get(0));
  }
}
