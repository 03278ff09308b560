package dev.hone.store;

/** The contract by Java's own file calls. */
class LocalFilesTest extends DiskFilesContract {
  @Override
  WorkspaceFiles files() {
    return new LocalFiles();
  }
}
