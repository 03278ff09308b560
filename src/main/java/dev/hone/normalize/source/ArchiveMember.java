package dev.hone.normalize.source;

import java.io.IOException;
import java.util.Optional;

/** The records of one member of an archive, as texts for Spark to parse. */
interface ArchiveMember {
  /**
   * One record.
   *
   * @param value its text; null where it is broken
   * @param broken what could be read of it; null where it is whole
   */
  record Value(String value, String broken) {}

  /** The next record, or empty after the last. */
  Optional<Value> next() throws IOException;
}
