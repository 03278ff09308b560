package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.RunConfig;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.store.LocalCache;
import dev.hone.store.S3Server;
import dev.hone.store.Workspace;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * All six types, with repeats, conflicts, chunks and near-duplicates, give the same rows from one
 * file on one partition, from eight files in another order on eight, and from and to S3.
 */
class SameRowsIT {
  private static final List<TableDefinition> WRITTEN =
      List.of(
          Tables.DOCUMENTS,
          Tables.QUERIES,
          Tables.JUDGEMENTS,
          Tables.SCORED_PAIRS,
          Tables.REJECTS,
          Tables.AUDIT);

  @TempDir private static Path folder;
  private static S3Server server;
  private static SparkSession spark;
  private static Normalized one;
  private static Normalized eight;
  private static Normalized onS3;

  /** A published normalize step, and where. */
  private record Normalized(StageContext context, Commit commit) {
    /** Places follow the files, which differ. */
    Dataset<Row> rows(TableDefinition table) {
      Column[] columns =
          Arrays.stream(table.stableColumns())
              .filter(column -> !isPlace(column.toString()))
              .toArray(Column[]::new);
      return context.read(commit, table).select(columns);
    }

    private static boolean isPlace(String column) {
      return column.equals("source") || column.equals("position");
    }
  }

  @BeforeAll
  static void normalize() throws IOException {
    server = S3Server.start(folder.resolve("s3"));
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            // Small tables: compiling a query would take longer than running it.
            .config("spark.sql.codegen.wholeStage", false)
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    for (String file : List.of("conf/spark/common.conf", "conf/spark/s3a.conf")) {
      settings(file).forEach((key, value) -> builder.config((String) key, (String) value));
    }
    server.settings().forEach((key, value) -> builder.config("spark.hadoop." + key, value));
    spark = builder.getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");

    one = normalized("one", 1, folder.resolve("one").toString());
    eight = normalized("eight", 8, folder.resolve("eight").toString());
    onS3 = normalized("s3", 8, server.bucket() + "/work");
  }

  private static Properties settings(String file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(file))) {
      properties.load(reader);
    }
    return properties;
  }

  /** Sources of so many files in an order of their own, and a session of so many partitions. */
  private static Normalized normalized(String name, int parts, String place) throws IOException {
    Path local = folder.resolve("sources-" + name);
    new MadeSources().write(local, parts, name.hashCode());
    String sources = place + "/sources";
    FileSystem files =
        FileSystem.get(URI.create(place), spark.sparkContext().hadoopConfiguration());
    try (Stream<Path> paths = Files.walk(local)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        org.apache.hadoop.fs.Path target =
            new org.apache.hadoop.fs.Path(sources + "/" + local.relativize(path));
        try (var out = files.create(target)) {
          Files.copy(path, out);
        }
      }
    }
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.shuffle.partitions", parts);
    session.conf().set("spark.sql.adaptive.coalescePartitions.enabled", false);
    Workspace workspace =
        Workspace.open(place + "/workspace", spark.sparkContext().hadoopConfiguration());
    StageContext context =
        new StageContext(
            session, workspace, "test", LocalCache.at(folder.resolve("cache")), "test");
    Path configuration =
        Files.writeString(
            folder.resolve(name + ".conf"), MadeSources.configuration().replace("FOLDER", sources));
    return new Normalized(
        context, Normalization.run(context, RunConfig.load(configuration, List.of())));
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
    server.close();
  }

  @TestFactory
  Stream<DynamicTest> eightPartitionsGiveTheRowsOfOne() {
    return WRITTEN.stream()
        .map(table -> DynamicTest.dynamicTest(table.name(), () -> assertSame(eight, table)));
  }

  @TestFactory
  Stream<DynamicTest> s3GivesTheRowsOfLocalFiles() {
    return WRITTEN.stream()
        .map(table -> DynamicTest.dynamicTest(table.name(), () -> assertSame(onS3, table)));
  }

  private static void assertSame(Normalized other, TableDefinition table) {
    Dataset<Row> expected = one.rows(table);
    Dataset<Row> found = other.rows(table);
    assertThat(expected.count()).as("rows of %s", table.name()).isPositive();
    assertThat(found.exceptAll(expected).takeAsList(3)).isEmpty();
    assertThat(expected.exceptAll(found).takeAsList(3)).isEmpty();
  }

  @Test
  void theDataHasWhatPartitionsCouldDisturb() {
    assertThat(one.rows(Tables.DOCUMENTS).filter("chunk > 0").count()).isPositive();
    assertThat(one.rows(Tables.DOCUMENTS).filter("conflict").count()).isPositive();
    assertThat(one.rows(Tables.DOCUMENTS).filter("group_id is not null").count()).isPositive();
    assertThat(one.rows(Tables.QUERIES).filter("group_id is not null").count()).isPositive();
    assertThat(one.rows(Tables.JUDGEMENTS).filter("conflict").count()).isPositive();
    assertThat(one.rows(Tables.SCORED_PAIRS).filter("conflict").count()).isPositive();
    assertThat(one.rows(Tables.AUDIT).filter("check = 'leakage' and count > 0").count())
        .isPositive();
    assertThat(eight.context.read(eight.commit, Tables.REJECTS).select("source").distinct().count())
        .isGreaterThan(1);
  }

  @Test
  void tablesOnS3AreCommittedWithoutRenaming() throws IOException {
    org.apache.hadoop.fs.Path success =
        new org.apache.hadoop.fs.Path(
            onS3.context
                .workspace()
                .tablePath(onS3.commit.step(), onS3.commit.attempt(), Tables.DOCUMENTS.name()),
            "_SUCCESS");
    FileSystem files = success.getFileSystem(spark.sparkContext().hadoopConfiguration());
    try (var stream = files.open(success)) {
      assertThat(new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("\"committer\":\"magic\"");
    }
  }

  @Test
  void whatIsPublishedOnS3IsWhole() {
    assertThat(onS3.context.workspace().verify(onS3.commit, Workspace.Check.CHECKSUMS)).isEmpty();
  }
}
