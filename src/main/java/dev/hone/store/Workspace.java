package dev.hone.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * One workspace: the paths of attempts, commits, manifests and tries, and the create-once protocol
 * by which a step becomes visible whole or not at all.
 */
public final class Workspace {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final String root;
  private final WorkspaceFiles files;

  private Workspace(String root, WorkspaceFiles files) {
    this.root = root;
    this.files = files;
  }

  /** How closely a commit's files are looked at. */
  public enum Check {
    SIZES,
    CHECKSUMS
  }

  /**
   * Opens a workspace, made where it is missing.
   *
   * @param uri a local path, or a {@code file:}, {@code hdfs:} or {@code s3a:} URI
   * @throws HoneException if the scheme is another one, or nothing can be written there
   */
  public static Workspace open(String uri, Configuration hadoop) {
    String root = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    try {
      Workspace workspace = new Workspace(absolute(root), filesOf(root, hadoop));
      workspace.probe();
      return workspace;
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot write to the workspace %s: %s. Choose a folder that you may write, with --workspace DIR or hone.workspace."
              .formatted(uri, describe(e)),
          e);
    }
  }

  private static String describe(Exception e) {
    return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
  }

  private static String absolute(String uri) {
    return scheme(uri).equals("file")
        ? Path.of(uri.replaceFirst("^file:/*", "/")).toAbsolutePath().normalize().toString()
        : uri;
  }

  private static String scheme(String uri) {
    int colon = uri.indexOf(':');
    return colon < 0 ? "file" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
  }

  private static WorkspaceFiles filesOf(String root, Configuration hadoop) throws IOException {
    if (scheme(root).equals("file")) {
      return new LocalFiles();
    }
    boolean objectStore = scheme(root).equals("s3a");
    if (!objectStore && !scheme(root).equals("hdfs")) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot use the workspace %s: only local folders, hdfs:// and s3a:// are supported."
              .formatted(root));
    }
    FileSystem system = FileSystem.get(new org.apache.hadoop.fs.Path(root).toUri(), hadoop);
    HadoopFiles files = new HadoopFiles(system, objectStore);
    if (!files.canCreateOnce(root)) {
      throw new IOException(
          "the store cannot create an object on the condition that there is none; set"
              + " fs.s3a.create.conditional.enabled=true, or use a store that honours"
              + " If-None-Match");
    }
    return files;
  }

  private void probe() throws IOException {
    files.makeFolder(root);
    String probe = root + "/.probe-" + UUID.randomUUID();
    files.createOnce(probe, new byte[] {'1'});
    files.delete(probe);
  }

  /** Where the workspace lies: an absolute local path, or its URI. */
  public String uri() {
    return root;
  }

  /** A random id for one try of a step. */
  public String newAttempt() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 20);
  }

  /** The folder of one table of one attempt. */
  public String tablePath(String step, String attempt, String table) {
    return folder("data", step, attempt, table);
  }

  /** The folder of one artifact of one attempt. */
  public String artifactPath(String step, String attempt, String artifact) {
    return folder("data", step, attempt, artifact);
  }

  /** The folder that people take a run's model and report from. */
  public String exportPath(String runId) {
    return folder("export", runId);
  }

  private String folder(String... parts) {
    StringBuilder path = new StringBuilder(root);
    for (String part : parts) {
      path.append('/').append(Ids.check("part of a path", part));
    }
    return path.toString();
  }

  /** The published commit of a step, if there is one. */
  public Optional<Commit> commit(String step, String digest) {
    return readJson(
        folder("published", step) + "/" + Ids.check("digest", digest) + ".json", Commit.class);
  }

  /**
   * Publishes a commit, or adopts the one that was published first.
   *
   * <p>The loser of a race reads the winner's file back and compares the attempt, because a lost
   * reply makes a winner look like a loser.
   */
  public Publication publish(Commit commit) {
    String path = folder("published", commit.step()) + "/" + commit.digest() + ".json";
    try {
      if (files.createOnce(path, json(commit))) {
        return new Publication(commit, true);
      }
    } catch (IOException e) {
      throw storage("publish " + path, e);
    }
    Commit winner =
        commit(commit.step(), commit.digest())
            .orElseThrow(() -> storage("read back " + path, new IOException("it is gone")));
    return new Publication(winner, winner.attempt().equals(commit.attempt()));
  }

  /**
   * Records that a commit is part of a run.
   *
   * @throws HoneException if the run names another commit there
   */
  public void writeManifest(Manifest manifest) {
    String path =
        folder("runs", manifest.runId())
            + "/"
            + Ids.check("step", manifest.step())
            + "-"
            + Ids.check("part", manifest.part())
            + ".json";
    try {
      if (files.createOnce(path, json(manifest))) {
        return;
      }
    } catch (IOException e) {
      throw storage("write " + path, e);
    }
    Manifest present = readJson(path, Manifest.class).orElse(manifest);
    if (!present.equals(manifest)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot continue the run %s: its %s (%s) was made with another configuration or other data (digest %s, this one %s). Choose another run-id, or leave it out."
              .formatted(
                  manifest.runId(),
                  manifest.step(),
                  manifest.part(),
                  present.digest().substring(0, 12),
                  manifest.digest().substring(0, 12)));
    }
  }

  /** The manifests of a run, sorted by file name; empty where there is no such run. */
  public List<Manifest> manifests(String runId) {
    String folder = folder("runs", runId);
    try {
      List<Manifest> manifests = new ArrayList<>();
      for (String name : files.children(folder)) {
        if (name.endsWith(".json") && !name.equals("running.json")) {
          readJson(folder + "/" + name, Manifest.class).ifPresent(manifests::add);
        }
      }
      return manifests;
    } catch (IOException e) {
      throw storage("list " + folder, e);
    }
  }

  /** The runs that the workspace knows, sorted. */
  public List<String> runIds() {
    try {
      return files.children(root + "/runs");
    } catch (IOException e) {
      throw storage("list " + root + "/runs", e);
    }
  }

  /** The files below a folder with their sizes and checksums, sorted by path. */
  public List<CommittedFile> describe(String folder) {
    try {
      List<CommittedFile> described = new ArrayList<>();
      for (WorkspaceFiles.Entry entry : files.list(folder)) {
        try (InputStream stream = files.open(folder + "/" + entry.path())) {
          described.add(new CommittedFile(entry.path(), entry.size(), Digests.ofStream(stream)));
        }
      }
      described.sort(Comparator.comparing(CommittedFile::path));
      return described;
    } catch (IOException e) {
      throw storage("read " + folder, e);
    }
  }

  /** What does not hold of a commit's files, as sentences; empty if all is well. */
  public List<String> verify(Commit commit, Check check) {
    List<String> problems = new ArrayList<>();
    for (CommittedTable table : commit.tables()) {
      compare(commit, table.name(), table.files(), check, problems);
    }
    for (CommittedArtifact artifact : commit.artifacts()) {
      compare(commit, artifact.name(), artifact.files(), check, problems);
    }
    return problems;
  }

  private void compare(
      Commit commit,
      String name,
      List<CommittedFile> expected,
      Check check,
      List<String> problems) {
    String folder = folder("data", commit.step(), commit.attempt(), name);
    try {
      java.util.Map<String, Long> sizes = new java.util.HashMap<>();
      files.list(folder).forEach(entry -> sizes.put(entry.path(), entry.size()));
      for (CommittedFile file : expected) {
        Long size = sizes.get(file.path());
        String path = folder + "/" + file.path();
        if (size == null) {
          problems.add(path + " is missing");
        } else if (size != file.size()) {
          problems.add(path + " has " + size + " bytes, published were " + file.size());
        } else if (check == Check.CHECKSUMS && !checksum(path).equals(file.sha256())) {
          problems.add(path + " has other content than was published");
        }
      }
    } catch (IOException e) {
      problems.add(folder + " cannot be read: " + describe(e));
    }
  }

  private String checksum(String path) throws IOException {
    try (InputStream stream = files.open(path)) {
      return Digests.ofStream(stream);
    }
  }

  /** Copies a local folder's files to a folder of an attempt. */
  public void upload(Path local, String folder) {
    try (Stream<Path> paths = Files.walk(local)) {
      for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
        files.upload(path, folder + "/" + local.relativize(path).toString().replace('\\', '/'));
      }
    } catch (IOException e) {
      throw storage("write " + folder, e);
    }
  }

  /**
   * Copies published files to a local folder.
   *
   * @throws HoneException if a file's content is not what was published
   */
  public void download(String folder, List<CommittedFile> published, Path local) {
    for (CommittedFile file : published) {
      Path target = local.resolve(file.path());
      try {
        Files.createDirectories(target.getParent());
        try (InputStream stream = files.open(folder + "/" + file.path())) {
          Files.copy(stream, target);
        }
        try (InputStream stream = Files.newInputStream(target)) {
          if (!Digests.ofStream(stream).equals(file.sha256())) {
            throw new IOException("its content is not what was published");
          }
        }
      } catch (IOException e) {
        throw storage("read " + folder + "/" + file.path(), e);
      }
    }
  }

  /** Creates a note that must not exist yet. */
  void createNote(String path, Object note) {
    try {
      if (!files.createOnce(root + "/" + path, json(note))) {
        throw new IOException("it exists already");
      }
    } catch (IOException e) {
      throw storage("write " + path, e);
    }
  }

  void replaceNote(String path, Object note) throws IOException {
    files.replace(root + "/" + path, json(note));
  }

  <T> Optional<T> note(String path, Class<T> type) {
    return readJson(root + "/" + path, type);
  }

  List<String> noteNames(String folder) {
    try {
      return files.children(root + "/" + folder);
    } catch (IOException e) {
      throw storage("list " + folder, e);
    }
  }

  /** When the store says the note last changed, by the store's own clock. */
  Optional<Long> noteTime(String folder, String name) throws IOException {
    return files.list(root + "/" + folder).stream()
        .filter(entry -> entry.path().equals(name))
        .map(WorkspaceFiles.Entry::modifiedMillis)
        .findFirst();
  }

  void deleteNote(String path) throws IOException {
    files.delete(root + "/" + path);
  }

  private <T> Optional<T> readJson(String path, Class<T> type) {
    try {
      Optional<byte[]> content = files.read(path);
      return content.isEmpty()
          ? Optional.empty()
          : Optional.of(JSON.readValue(new String(content.get(), StandardCharsets.UTF_8), type));
    } catch (JsonProcessingException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot read " + path + ": it is not what Hone writes there: " + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw storage("read " + path, e);
    }
  }

  private static byte[] json(Object value) throws IOException {
    return (JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static HoneException storage(String what, IOException e) {
    return new HoneException(
        ErrorCode.STORAGE,
        "Cannot " + what + ": " + describe(e) + ". Run the same command again once it can.",
        e);
  }
}
