package dev.hone.store;

import dev.hone.error.HoneException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one step of a run, from which a later try of it goes on: {@code
 * checkpoints/<digest>/<step>/<attempt>/...}, complete once {@code <step>.json} is there.
 *
 * <p>A note is created once and names its files with their checksums, so that whatever a try writes
 * beside another, or leaves half-written, is never read. Checkpoints of one digest and step are
 * interchangeable: each is where the same computation stood.
 */
public final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final Pattern NOTE = Pattern.compile("(\\d{1,9})\\.json");
  private static final Pattern FOLDER = Pattern.compile("\\d{1,9}");

  private final Workspace workspace;
  private final String folder;

  private Checkpoints(Workspace workspace, String folder) {
    this.workspace = workspace;
    this.folder = folder;
  }

  /**
   * The checkpoints of a step.
   *
   * @param digest the step's
   */
  public static Checkpoints of(Workspace workspace, String digest) {
    return new Checkpoints(workspace, "checkpoints/" + Ids.check("digest", digest));
  }

  /** What a note promises is not there. */
  private static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(String message) {
      super(message);
    }
  }

  /** Updates done at each complete checkpoint. */
  public SortedSet<Integer> steps() {
    SortedSet<Integer> steps = new TreeSet<>();
    for (String name : workspace.noteNames(folder)) {
      Matcher note = NOTE.matcher(name);
      if (note.matches()) {
        steps.add(Integer.valueOf(note.group(1)));
      }
    }
    return steps;
  }

  /**
   * Writes a checkpoint; where another try was first with this step, its own stays.
   *
   * @param step updates done
   * @param best the step of the checkpoint that holds the best model so far, this one or one that
   *     is complete
   * @param local a folder of files
   * @return the checkpoint that stands there
   * @throws HoneException if the storage fails
   */
  public Checkpoint write(int step, int best, Path local) {
    String attempt = workspace.newAttempt();
    List<CommittedFile> files = workspace.upload(local, path(step, attempt));
    Checkpoint written = new Checkpoint(step, attempt, best, files);
    if (workspace.createNoteOnce(note(step), written)) {
      return written;
    }
    Checkpoint present = workspace.note(note(step), Checkpoint.class).orElse(written);
    if (!present.attempt().equals(attempt)) {
      deleteFiles(step, attempt);
    }
    return present;
  }

  /**
   * Copies the newest checkpoint that is whole, and whose best model is whole. One that is not is
   * removed with a warning, so that it can be written again.
   *
   * @param local an empty folder
   * @return the checkpoint whose files lie there; nothing where there is none
   * @throws HoneException if the storage fails
   */
  public Optional<Checkpoint> newest(Path local) {
    Set<Integer> tried = new TreeSet<>();
    while (true) {
      // Another try may write and remove some meanwhile, so they are listed anew each time.
      SortedSet<Integer> untried = steps();
      untried.removeAll(tried);
      if (untried.isEmpty()) {
        return Optional.empty();
      }
      int step = untried.last();
      tried.add(step);
      Optional<Checkpoint> whole = whole(step, local);
      if (whole.isPresent()) {
        return whole;
      }
    }
  }

  private Optional<Checkpoint> whole(int step, Path local) {
    try {
      Checkpoint checkpoint = named(step);
      copy(checkpoint, local);
      if (checkpoint.best() != step) {
        verify(named(checkpoint.best()));
      }
      return Optional.of(checkpoint);
    } catch (Damaged e) {
      LOG.warn(
          "The checkpoint at step {} cannot be used: {}. It is removed, and an older one is used.",
          step,
          e.getMessage());
      clear(local);
      remove(step);
      return Optional.empty();
    }
  }

  /**
   * Copies one checkpoint.
   *
   * @param local an empty folder
   * @throws HoneException if it is not whole, or the storage fails
   */
  public void read(int step, Path local) {
    try {
      copy(named(step), local);
    } catch (Damaged e) {
      throw Workspace.storage(
          "read the checkpoint at step " + step, new IOException(e.getMessage(), e));
    }
  }

  private Checkpoint named(int step) throws Damaged {
    Checkpoint checkpoint =
        workspace
            .note(note(step), Checkpoint.class)
            .orElseThrow(() -> new Damaged(note(step) + " is not there, or is no note of Hone's"));
    if (checkpoint.step() != step) {
      throw new Damaged(note(step) + " speaks of step " + checkpoint.step());
    }
    return checkpoint;
  }

  private void copy(Checkpoint checkpoint, Path local) throws Damaged {
    for (CommittedFile file : checkpoint.files()) {
      Path target = local.resolve(file.path());
      try (InputStream stream = open(checkpoint, file)) {
        Files.createDirectories(target.getParent());
        Files.copy(stream, target);
      } catch (IOException e) {
        throw Workspace.storage("copy " + path(checkpoint) + "/" + file.path(), e);
      }
    }
    if (!Workspace.holds(local, checkpoint.files())) {
      throw new Damaged(path(checkpoint) + " has other content than was written");
    }
  }

  private void verify(Checkpoint checkpoint) throws Damaged {
    for (CommittedFile file : checkpoint.files()) {
      try (InputStream stream = open(checkpoint, file)) {
        if (!Digests.ofStream(stream).equals(file.sha256())) {
          throw new Damaged(path(checkpoint) + " has other content than was written");
        }
      } catch (IOException e) {
        throw Workspace.storage("read " + path(checkpoint) + "/" + file.path(), e);
      }
    }
  }

  private InputStream open(Checkpoint checkpoint, CommittedFile file) throws IOException, Damaged {
    String path = path(checkpoint) + "/" + file.path();
    try {
      return workspace.files().open(workspace.uri() + "/" + path);
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new Damaged(path + " is missing");
    }
  }

  /**
   * Removes all but the newest ones and some others, and what tries left half-written before the
   * newest. What cannot be removed stays, with a warning.
   *
   * @param newest how many of the newest stay, at least 1
   * @param others steps of others that stay
   */
  public void keep(int newest, Collection<Integer> others) {
    if (newest < 1) {
      throw new IllegalArgumentException("newest is " + newest + ", must be at least 1");
    }
    try {
      SortedSet<Integer> steps = steps();
      Set<Integer> kept = new TreeSet<>(others);
      steps.stream().skip(Math.max(0, steps.size() - newest)).forEach(kept::add);
      steps.stream().filter(step -> !kept.contains(step)).forEach(this::remove);
      for (String name : workspace.noteNames(folder)) {
        if (FOLDER.matcher(name).matches()) {
          int step = Integer.parseInt(name);
          if (!steps.contains(step) && !steps.isEmpty() && step < steps.last()) {
            deleteFiles(step, "");
          }
        }
      }
    } catch (HoneException e) {
      LOG.warn("Cannot tidy {}: {}", folder, e.getMessage());
    }
  }

  /** The note goes first: nobody reads files that no note names. */
  private void remove(int step) {
    try {
      workspace.deleteNote(note(step));
      deleteFiles(step, "");
    } catch (IOException e) {
      LOG.warn("Cannot remove the checkpoint {}: {}", note(step), e.toString());
    }
  }

  private void deleteFiles(int step, String attempt) {
    String below = folder + "/" + step + (attempt.isEmpty() ? "" : "/" + attempt);
    try {
      workspace.deleteFolder(below);
    } catch (IOException e) {
      LOG.warn("Cannot remove {}: {}", below, e.toString());
    }
  }

  private static void clear(Path local) {
    try {
      LocalCache.delete(local);
      Files.createDirectories(local);
    } catch (IOException e) {
      throw Workspace.storage("empty " + local, e);
    }
  }

  private String note(int step) {
    return folder + "/" + step + ".json";
  }

  private String path(int step, String attempt) {
    return workspace.uri() + "/" + folder + "/" + step + "/" + attempt;
  }

  private String path(Checkpoint checkpoint) {
    return folder + "/" + checkpoint.step() + "/" + checkpoint.attempt();
  }
}
