package dev.hone.encode;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.xxhash64;

import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.store.Workspace;
import dev.hone.table.Columns;
import dev.hone.table.TableFiles;
import dev.hone.table.Tables;
import dev.hone.text.TextRole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the texts wanted have a vector already: by the same model with the same settings and
 * prompt, in what any run of the workspace published. The others are missing.
 *
 * <p>What is not whole any more is passed over with a warning, and its texts are missing: no commit
 * depends on another one.
 */
final class KnownVectors implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KnownVectors.class);
  private static final StructType PLACES =
      StructType.fromDDL("attempt STRING, role STRING, prompt STRING, place INT");

  /** Stands for "no place", before all places. */
  private static final int MISSING = -1;

  private final StageContext context;
  private final Extent extent;
  private final List<Place> places;
  private final List<String> damaged;
  private final Dataset<Row> located;
  private final List<Integer> used = new ArrayList<>();
  private long reused;
  private long missing;
  private String missingDigest = "";

  /** The vectors of one role in one commit. */
  private record Place(Commit commit, TextRole role, String prompt) {}

  private KnownVectors(
      StageContext context,
      Extent extent,
      WantedTexts wanted,
      List<Place> places,
      List<String> damaged) {
    this.context = context;
    this.extent = extent;
    this.damaged = List.copyOf(damaged);
    this.places = places;
    this.located = located(wanted.in(context, extent)).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      countPlaces();
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /**
   * Looks texts up.
   *
   * @param wanted the texts
   * @param ofTexts their own extent, whatever they are looked up in
   */
  static KnownVectors locate(
      StageContext context, EncoderSpec encoder, WantedTexts wanted, Extent ofTexts) {
    List<Commit> whole = new ArrayList<>(commits(context, encoder));
    List<String> damaged = new ArrayList<>();
    passOver(context, whole, Workspace.Check.SIZES, damaged, List.copyOf(whole));
    Extent extent = ofTexts.and(extent(whole));
    StageContext own = context.in(extent.session(context.spark()));
    while (true) {
      try {
        KnownVectors known = new KnownVectors(own, extent, wanted, places(whole), damaged);
        if (!passOver(context, whole, Workspace.Check.CHECKSUMS, damaged, known.usedCommits())) {
          return known;
        }
        known.close();
      } catch (Exception e) { // Spark's are checked, but Java cannot know it
        if (!passOver(context, whole, Workspace.Check.CHECKSUMS, damaged, List.copyOf(whole))) {
          throw e;
        }
      }
    }
  }

  /** Takes those that are damaged out of the commits; whether there were any. */
  private static boolean passOver(
      StageContext context,
      List<Commit> commits,
      Workspace.Check check,
      List<String> damaged,
      List<Commit> checked) {
    List<Commit> found =
        checked.stream().filter(commit -> isDamaged(context, commit, check)).toList();
    commits.removeAll(found);
    found.forEach(commit -> damaged.add(commit.digest()));
    return !found.isEmpty();
  }

  /** The commits of the encoder, the one with most vectors first, so that few are read. */
  private static List<Commit> commits(StageContext context, EncoderSpec encoder) {
    return context.workspace().commits(VectorsStage.STEP).stream()
        .filter(commit -> encoder.digest().equals(commit.inputs().get(VectorsStage.MODEL)))
        .filter(commit -> encoder.settings().equals(commit.keys().get(VectorsStage.ENCODER)))
        .filter(
            commit ->
                commit.tables().stream()
                    .anyMatch(
                        table ->
                            table.name().equals(Tables.VECTORS.name())
                                && table.rows() > 0
                                && table.schemaVersion() == Tables.VECTORS.version()))
        .sorted(
            Comparator.comparing((Commit commit) -> -commit.table(Tables.VECTORS.name()).rows())
                .thenComparing(Commit::digest))
        .toList();
  }

  private static boolean isDamaged(StageContext context, Commit commit, Workspace.Check check) {
    List<String> problems = context.workspace().verify(commit, check);
    if (!problems.isEmpty()) {
      LOG.warn(
          "vectors of an earlier step are not whole, its texts are encoded again: {}{}",
          problems.get(0),
          problems.size() == 1 ? "" : " (and %d more)".formatted(problems.size() - 1));
    }
    return !problems.isEmpty();
  }

  private static Extent extent(List<Commit> commits) {
    long rows =
        commits.stream().mapToLong(commit -> commit.table(Tables.VECTORS.name()).rows()).sum();
    return Extent.of(rows, 0); // hashes, no texts
  }

  private static List<Place> places(List<Commit> commits) {
    List<Place> places = new ArrayList<>();
    for (Commit commit : commits) {
      for (TextRole role : TextRole.values()) {
        String prompt = commit.keys().get(VectorsStage.promptKey(role));
        if (prompt != null) {
          places.add(new Place(commit, role, prompt));
        }
      }
    }
    return places;
  }

  /** The wanted texts with the first place of their vectors, or {@link #MISSING}. */
  private Dataset<Row> located(Dataset<Row> wanted) {
    if (places.isEmpty()) {
      return wanted.withColumn("place", lit(MISSING));
    }
    Dataset<Row> first =
        published(places).groupBy("prompt", "content_hash").agg(min("place").as("place"));
    // The first side names the session, which need not be that of what is wanted.
    return extent
        .lookedUp(first)
        .join(wanted, Columns.names("prompt", "content_hash"), "right")
        .withColumn("place", coalesce(col("place"), lit(MISSING)));
  }

  /** Vectors at places, with prompt and place; all in one scan. */
  private Dataset<Row> published(List<Place> some) {
    List<String> files = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (Commit commit : some.stream().map(Place::commit).distinct().toList()) {
      String folder =
          context.workspace().tablePath(commit.step(), commit.attempt(), Tables.VECTORS.name());
      commit
          .table(Tables.VECTORS.name())
          .files()
          .forEach(file -> files.add(folder + "/" + file.path()));
    }
    for (Place place : some) {
      rows.add(
          RowFactory.create(
              place.commit().attempt(),
              place.role().label(),
              place.prompt(),
              places.indexOf(place)));
    }
    String attempt = "/([^/]+)/" + Tables.VECTORS.name() + "/[^/]+$";
    Dataset<Row> vectors =
        TableFiles.read(context.spark(), Tables.VECTORS, files)
            .withColumn("attempt", regexp_extract(col("_metadata.file_path"), attempt, 1));
    return extent.gathered(
        extent
            .gathered(vectors)
            .join(
                extent.small(context.spark().createDataFrame(rows, PLACES)),
                Columns.names("attempt", "role")));
  }

  /** One job, which also fills the store of located texts. */
  private void countPlaces() {
    SortedMap<Integer, TextTally> none = new TreeMap<>();
    SortedMap<Integer, TextTally> counts =
        located
            .select(
                col("place"),
                xxhash64(col("content_hash")),
                xxhash64(col("prompt"), col("content_hash")))
            .toJavaRDD()
            .treeAggregate(none, TextTally::count, TextTally::union);
    counts.forEach(
        (place, tally) -> {
          if (place == MISSING) {
            missing = tally.texts();
            missingDigest =
                String.format(Locale.ROOT, "%016x%016x", tally.hashes(), tally.prompted());
          } else {
            used.add(place);
            reused += tally.texts();
          }
        });
  }

  private List<Commit> usedCommits() {
    return used.stream().sorted().map(place -> places.get(place).commit()).distinct().toList();
  }

  /** How many texts have a vector, each counted once for each of its prompts. */
  long reused() {
    return reused;
  }

  /** How many texts have none. */
  long missing() {
    return missing;
  }

  /** Tells one set of missing texts from another. */
  String missingDigest() {
    return missing + "-" + missingDigest;
  }

  /** Digests of the encoder's commits that are not whole any more, sorted. */
  List<String> damaged() {
    return damaged.stream().sorted().toList();
  }

  /** All texts, as they were given. */
  Dataset<Row> wanted() {
    return located.drop("place");
  }

  /** Of the texts and of what they are looked up in. */
  Extent extent() {
    return extent;
  }

  /** The texts without a vector: roles, content_hash, text. */
  Dataset<Row> missingTexts() {
    return located.filter(col("place").equalTo(MISSING)).select("roles", "content_hash", "text");
  }

  /** The vectors that there are, as {@link Tables#VECTORS}: one row for each role wanted. */
  Dataset<Row> vectors() {
    if (used.isEmpty()) {
      return TableFiles.read(context.spark(), Tables.VECTORS, List.of());
    }
    Dataset<Row> wanted =
        located
            .filter(col("place").gt(MISSING))
            .select(col("prompt"), col("content_hash"), col("place"), explode(col("roles")));
    return published(used.stream().sorted().map(places::get).toList())
        .drop("role")
        .join(
            extent.lookedUp(wanted.withColumnRenamed("col", "role")),
            Columns.names("prompt", "content_hash", "place"))
        .select(Tables.VECTORS.columns());
  }

  @Override
  public void close() {
    located.unpersist();
  }
}
