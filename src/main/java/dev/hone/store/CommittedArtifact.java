package dev.hone.store;

import java.util.List;

/**
 * One folder of a commit that holds no rows: a model, a report.
 *
 * @param name the artifact's name
 * @param files its files, sorted by path
 */
public record CommittedArtifact(String name, List<CommittedFile> files) {
  /** Copies the list. */
  public CommittedArtifact {
    files = List.copyOf(files);
  }
}
