package dev.hone.store;

import java.nio.file.Path;

/**
 * The cache that tests share: models are unpacked and their archives written once for all of them.
 * A test that damages or counts what lies in a cache takes one of its own.
 */
public final class SharedCache {
  private SharedCache() {}

  /** Below the build's folder for temporary files. */
  public static LocalCache open() {
    return LocalCache.at(Path.of(System.getProperty("java.io.tmpdir"), "shared-cache"));
  }
}
