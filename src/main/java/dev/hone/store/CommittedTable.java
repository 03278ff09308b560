package dev.hone.store;

import dev.hone.error.HoneException;
import java.util.List;

/**
 * One table of a commit.
 *
 * @param name the table's name
 * @param schemaVersion version of its declared schema
 * @param rows how many rows its files hold, at least 0
 * @param files its files, sorted by path
 */
public record CommittedTable(String name, int schemaVersion, long rows, List<CommittedFile> files) {
  /**
   * Copies the list.
   *
   * @throws HoneException if the name is not safe in a path
   * @throws IllegalArgumentException if {@code rows} is negative
   */
  public CommittedTable {
    Ids.check("table", name);
    if (rows < 0) {
      throw new IllegalArgumentException(
          "illegal rows of " + name + ": " + rows + ", must be >= 0");
    }
    files = List.copyOf(files);
  }
}
