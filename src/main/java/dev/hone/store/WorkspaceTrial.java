package dev.hone.store;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;

/**
 * A file by which a workspace is tried: it is created, refused when created again, read back, and
 * deleted in the end. Publishing relies on no more.
 */
public final class WorkspaceTrial implements AutoCloseable {
  private final Workspace workspace;
  private final String name;
  private final Duration clockAhead;

  private WorkspaceTrial(Workspace workspace, String name, Duration clockAhead) {
    this.workspace = workspace;
    this.name = name;
    this.clockAhead = clockAhead;
  }

  /**
   * Creates the file, and creates it again.
   *
   * @throws HoneException if it cannot be created, if the second create wins, or if another content
   *     comes back
   */
  public static WorkspaceTrial of(Workspace workspace) {
    String name = ".trial-" + UUID.randomUUID();
    try {
      return new WorkspaceTrial(workspace, name, create(workspace, workspace.uri() + "/" + name));
    } catch (IOException e) {
      throw storage(workspace, "the file %s fails: %s".formatted(name, e), e);
    }
  }

  /** How far the store's clock is ahead of this machine's. */
  private static Duration create(Workspace workspace, String path) throws IOException {
    WorkspaceFiles files = workspace.files();
    byte[] first = path.getBytes(StandardCharsets.UTF_8);
    long before = System.currentTimeMillis();
    if (!files.createOnce(path, first)) {
      throw new IOException("a name that nobody has used is taken");
    }
    long after = System.currentTimeMillis();
    long changed = files.modifiedMillis(path).orElse(before);
    boolean secondWon = files.createOnce(path, new byte[] {'2'});
    byte[] content = files.read(path).orElseThrow(() -> new IOException("it cannot be read back"));
    if (secondWon || !Arrays.equals(content, first)) {
      files.delete(path);
      throw storage(
          workspace,
          secondWon
              ? "a file that exists is created again, so two commands could publish one step. Use a store that refuses it"
              : "a file reads back with another content. Use another store",
          null);
    }
    // A store's clock may tick once a second only: what lies within the call counts as equal.
    return Duration.ofMillis(
        changed < before ? changed - before : changed > after ? changed - after : 0);
  }

  private static HoneException storage(Workspace workspace, String what, Exception cause) {
    return new HoneException(
        ErrorCode.STORAGE,
        "Cannot publish in the workspace %s: %s.".formatted(workspace.uri(), what),
        cause);
  }

  /** The file's name, by which other processes look for it. */
  public String name() {
    return name;
  }

  /** How far the store's clock is ahead of this machine's; negative where it is behind. */
  public Duration clockAhead() {
    return clockAhead;
  }

  /** Whether a process that opened the workspace on its own sees a trial's file. */
  public static boolean isSeen(Workspace workspace, String name) {
    try {
      return workspace.files().read(workspace.uri() + "/" + name).isPresent();
    } catch (IOException e) {
      throw storage(workspace, "reading %s fails: %s".formatted(name, e), e);
    }
  }

  @Override
  public void close() {
    try {
      workspace.files().delete(workspace.uri() + "/" + name);
    } catch (IOException e) {
      throw storage(workspace, "deleting %s fails: %s".formatted(name, e), e);
    }
  }
}
