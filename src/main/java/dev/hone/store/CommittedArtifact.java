package dev.hone.store;

import dev.hone.error.HoneException;
import java.util.List;

/**
 * One folder of a commit that holds no rows: a model, a report.
 *
 * @param name the artifact's name
 * @param files its files, sorted by path
 */
public record CommittedArtifact(String name, List<CommittedFile> files) {
  /**
   * Copies the list.
   *
   * @throws HoneException if the name is not safe in a path
   */
  public CommittedArtifact {
    Ids.check("artifact", name);
    files = List.copyOf(files);
  }
}
