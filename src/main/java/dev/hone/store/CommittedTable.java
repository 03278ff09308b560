package dev.hone.store;

import java.util.List;

/**
 * One table of a commit.
 *
 * @param name the table's name
 * @param schemaVersion version of its declared schema
 * @param rows how many rows its files hold
 * @param files its files, sorted by path
 */
public record CommittedTable(String name, int schemaVersion, long rows, List<CommittedFile> files) {
  /** Copies the list. */
  public CommittedTable {
    files = List.copyOf(files);
  }
}
