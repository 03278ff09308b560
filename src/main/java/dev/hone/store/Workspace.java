package dev.hone.store;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One workspace: the paths of attempts, commits, manifests and tries, and the create-once protocol
 * by which a step becomes visible whole or not at all.
 */
public final class Workspace {
  private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          // A note of a later version may say more than this one reads.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):.*");

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
    if (uri == null || uri.isBlank()) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot open a workspace without a name. Choose a folder with --workspace DIR or hone.workspace.");
    }
    String root = uri.length() > 1 && uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
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

  /** Java's file exceptions say what happened by their type alone. */
  private static String describe(Exception e) {
    if (e instanceof NoSuchFileException missing) {
      return "no such file or folder: " + missing.getFile();
    }
    if (e instanceof AccessDeniedException denied) {
      String reason = denied.getReason() == null ? "" : " (" + denied.getReason() + ")";
      return "permission denied: " + denied.getFile() + reason;
    }
    if (e instanceof FileAlreadyExistsException present) {
      return "there is a file of that name: " + present.getFile();
    }
    return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
  }

  private static String absolute(String uri) {
    return scheme(uri).equals("file")
        ? Path.of(uri.replaceFirst("^(?i:file):/*", "/")).toAbsolutePath().normalize().toString()
        : uri;
  }

  private static String scheme(String uri) {
    Matcher matcher = SCHEME.matcher(uri);
    return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "file";
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

  /**
   * The workspace that another process of the run has opened; nothing is written to it here.
   *
   * @param uri {@link #uri} of that one
   */
  public static Workspace attach(String uri, Configuration hadoop) {
    try {
      return new Workspace(uri, filesOf(uri, hadoop));
    } catch (IOException e) {
      throw storage("open the workspace " + uri, e);
    }
  }

  /**
   * Opens a workspace to read from: nothing is written to it, and one that is not there is as one
   * without runs.
   *
   * @param uri as in {@link #open}
   * @throws HoneException if it cannot be reached
   */
  public static Workspace existing(String uri, Configuration hadoop) {
    String root = uri.length() > 1 && uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    return attach(absolute(root), hadoop);
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

  /** The operations that the protocol is made of. */
  WorkspaceFiles files() {
    return files;
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

  /** The folder of all tables and artifacts of one attempt. */
  public String attemptPath(String step, String attempt) {
    return folder("data", step, attempt);
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
   * All published commits of a step, by digest; what is no commit of Hone's is left out with a
   * warning.
   */
  public List<Commit> commits(String step) {
    String folder = "published/" + Ids.check("step", step);
    return noteNames(folder).stream()
        .filter(name -> name.endsWith(".json"))
        .flatMap(name -> note(folder + "/" + name, Commit.class).stream())
        .toList();
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
    if (!winner.step().equals(commit.step()) || !winner.digest().equals(commit.digest())) {
      throw foreign(path, "it is the commit of " + winner.step() + " " + winner.digest(), null);
    }
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
    Manifest present =
        readJson(path, Manifest.class)
            .orElseThrow(() -> storage("read back " + path, new IOException("it is gone")));
    if (!present.equals(manifest)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot continue the run %s: run-id %s already names another digest for %s (%s): %s, this one is %s. The configuration or the data differ; choose another run-id, or leave it out."
              .formatted(
                  manifest.runId(),
                  manifest.runId(),
                  manifest.step(),
                  manifest.part(),
                  present.digest(),
                  manifest.digest()));
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

  /** What a run chose for a key that was left to it. */
  private record Choice(String key, String value) {}

  /**
   * What a run uses for a key that is left to it: the first choice stays, whichever try asks, so
   * that a try on another machine goes on with the same.
   *
   * @param choice asked where the run has none yet
   */
  public String chosen(String runId, String key, Supplier<String> choice) {
    String path =
        "runs/" + Ids.check("run-id", runId) + "/resolved/" + Ids.check("key", key) + ".json";
    Optional<Choice> earlier = readJson(root + "/" + path, Choice.class);
    if (earlier.isPresent()) {
      return earlier.get().value();
    }
    Choice own = new Choice(key, choice.get());
    return createNoteOnce(path, own)
        ? own.value()
        : readJson(root + "/" + path, Choice.class).orElse(own).value();
  }

  /** The runs that the workspace knows, sorted. */
  public List<String> runIds() {
    try {
      return files.children(root + "/runs").stream().filter(Ids::isSafe).toList();
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

  /** Whether the workspace is a folder of this machine's file system. */
  public boolean isLocal() {
    return scheme(root).equals("file");
  }

  /**
   * Whether a local folder holds published files with the content that they were published with.
   */
  public static boolean holds(Path local, List<CommittedFile> published) {
    try {
      for (CommittedFile file : published) {
        Path path = local.resolve(file.path());
        if (!Files.isRegularFile(path)
            || Files.size(path) != file.size()
            || !checksum(path).equals(file.sha256())) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw storage("read " + local, e);
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
    SortedMap<String, Long> sizes = new TreeMap<>();
    try {
      files.list(folder).forEach(entry -> sizes.put(entry.path(), entry.size()));
    } catch (IOException e) {
      problems.add(folder + " cannot be read: " + describe(e));
      return;
    }
    for (CommittedFile file : expected) {
      Long size = sizes.remove(file.path());
      String path = folder + "/" + file.path();
      if (size == null) {
        problems.add(path + " is missing");
      } else if (size != file.size()) {
        problems.add(path + " has " + size + " bytes, published were " + file.size());
      } else if (check == Check.CHECKSUMS) {
        compareContent(path, file, problems);
      }
    }
    sizes.keySet().forEach(path -> problems.add(folder + "/" + path + " was not published"));
  }

  private void compareContent(String path, CommittedFile file, List<String> problems) {
    try {
      if (!checksum(path).equals(file.sha256())) {
        problems.add(path + " has other content than was published");
      }
    } catch (IOException e) {
      problems.add(path + " cannot be read: " + describe(e));
    }
  }

  private static String checksum(Path path) throws IOException {
    try (InputStream stream = Files.newInputStream(path)) {
      return Digests.ofStream(stream);
    }
  }

  private String checksum(String path) throws IOException {
    try (InputStream stream = files.open(path)) {
      return Digests.ofStream(stream);
    }
  }

  /**
   * Copies a local folder's files to a folder of an attempt.
   *
   * @return what was copied, sorted by path
   */
  public List<CommittedFile> upload(Path local, String folder) {
    List<CommittedFile> uploaded = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(local)) {
      for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
        String name = local.relativize(path).toString();
        files.upload(path, folder + "/" + name);
        uploaded.add(new CommittedFile(name, Files.size(path), checksum(path)));
      }
      uploaded.sort(Comparator.comparing(CommittedFile::path));
      return uploaded;
    } catch (UncheckedIOException e) {
      throw storage("read " + local, e.getCause());
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
      String source = folder + "/" + file.path();
      try {
        Files.createDirectories(target.getParent());
        try (InputStream stream = files.open(source)) {
          Files.copy(stream, target);
        }
        if (checksum(target).equals(file.sha256())) {
          continue;
        }
        Files.delete(target);
      } catch (IOException e) {
        throw storage("copy " + source + " to " + target, e);
      }
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot use %s: its content is not what was published (SHA-256 %s). Restore the file, or delete the commit that names it and run its step again."
              .formatted(source, file.sha256()));
    }
  }

  /** Creates a note that must not exist yet; finding the same content is a lost reply. */
  void createNote(String path, Object note) {
    try {
      byte[] content = json(note);
      if (!files.createOnce(root + "/" + path, content)
          && !Arrays.equals(content, files.read(root + "/" + path).orElse(null))) {
        throw new IOException("it exists already");
      }
    } catch (IOException e) {
      throw storage("write " + root + "/" + path, e);
    }
  }

  /** Creates a note; false where there is one of that name, which a lost reply may have made. */
  boolean createNoteOnce(String path, Object note) {
    try {
      return files.createOnce(root + "/" + path, json(note));
    } catch (IOException e) {
      throw storage("write " + root + "/" + path, e);
    }
  }

  void replaceNote(String path, Object note) throws IOException {
    files.replace(root + "/" + path, json(note));
  }

  /** A note, or nothing where there is none or, with a warning, where it is not one of Hone's. */
  <T> Optional<T> note(String path, Class<T> type) {
    try {
      return parse(root + "/" + path, type);
    } catch (JsonProcessingException e) {
      LOG.warn("Left out {}/{}: not a note of Hone: {}", root, path, e.getOriginalMessage());
      return Optional.empty();
    } catch (IOException e) {
      throw storage("read " + root + "/" + path, e);
    }
  }

  List<String> noteNames(String folder) {
    try {
      return files.children(root + "/" + folder);
    } catch (IOException e) {
      throw storage("list " + root + "/" + folder, e);
    }
  }

  /**
   * How long ago a note was written, by the store's own clock; nothing where there is no such note.
   *
   * @param probe path of a note that is written and deleted to read that clock
   */
  Optional<Duration> noteAge(String path, String probe) {
    try {
      files.replace(root + "/" + probe, new byte[0]);
      Optional<Long> current = files.modifiedMillis(root + "/" + probe);
      files.delete(root + "/" + probe);
      Optional<Long> written = files.modifiedMillis(root + "/" + path);
      return current.isEmpty() || written.isEmpty()
          ? Optional.empty()
          : Optional.of(Duration.ofMillis(current.get() - written.get()));
    } catch (IOException e) {
      throw storage("tell the age of " + root + "/" + path, e);
    }
  }

  void deleteNote(String path) throws IOException {
    files.delete(root + "/" + path);
  }

  /** Deletes a folder's files, and the folders that are empty then; a missing folder is fine. */
  void deleteFolder(String path) throws IOException {
    Set<String> folders = new TreeSet<>(Comparator.reverseOrder()); // the deepest first
    folders.add(path);
    for (WorkspaceFiles.Entry entry : files.list(root + "/" + path)) {
      String file = path + "/" + entry.path();
      files.delete(root + "/" + file);
      for (int end = file.lastIndexOf('/');
          end > path.length();
          end = file.lastIndexOf('/', end - 1)) {
        folders.add(file.substring(0, end));
      }
    }
    for (String folder : folders) {
      try {
        files.delete(root + "/" + folder);
      } catch (IOException e) {
        LOG.debug("{} is not empty, or is no folder: {}", folder, e.toString());
      }
    }
  }

  private <T> Optional<T> readJson(String path, Class<T> type) {
    try {
      return parse(path, type);
    } catch (JsonProcessingException e) {
      throw foreign(path, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw storage("read " + path, e);
    }
  }

  private <T> Optional<T> parse(String path, Class<T> type) throws IOException {
    Optional<byte[]> content = files.read(path);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    T value = JSON.readValue(new String(content.get(), StandardCharsets.UTF_8), type);
    if (value == null) {
      throw new JsonParseException(null, "it holds nothing but null");
    }
    return Optional.of(value);
  }

  private static byte[] json(Object value) throws IOException {
    return (JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static HoneException foreign(String path, String why, Exception cause) {
    return new HoneException(
        ErrorCode.STORAGE,
        "Cannot use %s: it is not what Hone writes there: %s. Move the file away and run the same command again."
            .formatted(path, why),
        cause);
  }

  static HoneException storage(String what, IOException e) {
    return new HoneException(
        ErrorCode.STORAGE,
        "Cannot " + what + ": " + describe(e) + ". Run the same command again once it can.",
        e);
  }
}
