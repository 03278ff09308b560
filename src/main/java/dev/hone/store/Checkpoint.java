package dev.hone.store;

import java.util.List;

/**
 * A complete checkpoint, as its note says.
 *
 * @param step updates done, at least 0
 * @param attempt random id of the try that wrote it
 * @param best the step of the checkpoint that holds the best model so far; its own where no other
 *     is needed to go on
 * @param files its files
 */
public record Checkpoint(int step, String attempt, int best, List<CommittedFile> files) {
  /**
   * Copies the list, and checks what becomes part of a path.
   *
   * @throws dev.hone.error.HoneException if the attempt is not safe in a path
   */
  public Checkpoint {
    Ids.check("attempt", attempt);
    if (step < 0 || best < 0 || best > step) {
      throw new IllegalArgumentException(
          "illegal steps of a checkpoint: %d, best %d, must be 0 <= best <= step"
              .formatted(step, best));
    }
    files = List.copyOf(files);
  }

  /** Their size in bytes. */
  public long bytes() {
    return files.stream().mapToLong(CommittedFile::size).sum();
  }
}
