package dev.hone.evaluate;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Digests;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Another system's rankings: TREC run files in UTF-8, compressed or not.
 *
 * @param name what tables call the system
 * @param path as the configuration names it
 * @param files their whole paths, in order
 * @param digest over the content of the files
 * @param datasets the data sets whose queries it answers
 */
public record TrecRun(
    String name, String path, List<String> files, String digest, List<String> datasets) {
  private static final int SHOWN = 100;
  private static final StructType LINES =
      StructType.fromDDL("query_id STRING, doc_id STRING, score DOUBLE");

  /** Copies the lists. */
  public TrecRun {
    files = List.copyOf(files);
    datasets = List.copyOf(datasets);
  }

  /**
   * Finds the files of a run and reads their content once, for the digest.
   *
   * @param path a file, a folder or a pattern; names that begin with a dot or an underscore are
   *     hidden
   * @throws HoneException if there is none, or it cannot be read
   */
  public static TrecRun open(
      String name, String path, List<String> datasets, Configuration hadoop) {
    try {
      List<String> files = files(new Path(path), hadoop);
      List<String> digests = new ArrayList<>();
      for (String file : files) {
        Path one = new Path(file);
        try (InputStream stream = one.getFileSystem(hadoop).open(one)) {
          digests.add(Digests.ofStream(stream));
        }
      }
      return new TrecRun(name, path, files, Digests.ofText(digests.toString()), datasets);
    } catch (IOException | IllegalArgumentException e) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot read the run %s at %s: %s. Name a file, a folder or a pattern in evaluate.runs."
              .formatted(name, path, e.getMessage()),
          e);
    }
  }

  private static List<String> files(Path path, Configuration hadoop) throws IOException {
    FileSystem system = path.getFileSystem(hadoop);
    FileStatus[] found = system.globStatus(path);
    List<String> files = new ArrayList<>();
    for (FileStatus one : found == null ? new FileStatus[0] : found) {
      FileStatus[] below =
          one.isDirectory() ? system.listStatus(one.getPath()) : new FileStatus[] {one};
      for (FileStatus file : below) {
        if (file.isFile() && !file.getPath().getName().matches("[._].*")) {
          files.add(file.getPath().toString());
        }
      }
    }
    if (files.isEmpty()) {
      throw new FileNotFoundException("there is no file");
    }
    Collections.sort(files);
    return files;
  }

  /**
   * The lines of all files.
   *
   * @return query_id, doc_id, score; a row that cannot be read is an error when it is come to,
   *     which {@link #fault} explains
   */
  Dataset<Row> lines(SparkSession spark) {
    return spark
        .read()
        .option("__globPaths__", false)
        .textFile(files.toArray(String[]::new))
        .mapPartitions(new Parse(), Encoders.row(LINES));
  }

  private record Parse() implements MapPartitionsFunction<String, Row> {
    @Override
    public Iterator<Row> call(Iterator<String> lines) {
      return new Parsed(lines);
    }
  }

  private static final class Parsed implements Iterator<Row> {
    private final Iterator<String> lines;
    private String ahead;

    Parsed(Iterator<String> lines) {
      this.lines = lines;
    }

    @Override
    public boolean hasNext() {
      while (ahead == null && lines.hasNext()) {
        String line = lines.next();
        ahead = TrecLine.isBlank(line) ? null : line;
      }
      return ahead != null;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no line is left");
      }
      TrecLine line = TrecLine.of(ahead);
      ahead = null;
      return RowFactory.create(line.queryId(), line.documentId(), line.score());
    }
  }

  /** What is wrong with the files, by file and line, where anything is. */
  Optional<HoneException> fault(SparkSession spark) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try {
      Optional<HoneException> bad = badLine(hadoop);
      if (bad.isPresent()) {
        return bad;
      }
      List<Row> twice =
          lines(spark)
              .groupBy("query_id", "doc_id")
              .count()
              .filter("count > 1")
              .orderBy("query_id", "doc_id")
              .limit(1)
              .collectAsList();
      return twice.isEmpty()
          ? Optional.empty()
          : Optional.of(twice(twice.get(0).getString(0), twice.get(0).getString(1), hadoop));
    } catch (IOException e) {
      return Optional.of(
          new HoneException(
              ErrorCode.INPUT,
              "Cannot read the run %s at %s: %s.".formatted(name, path, e.getMessage()),
              e));
    }
  }

  private interface LineCheck {
    /** Returns whether to go on. */
    boolean goesOn(String file, long number, String line);
  }

  private void scan(Configuration hadoop, LineCheck check) throws IOException {
    for (String file : files) {
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(opened(file, hadoop), StandardCharsets.UTF_8))) {
        long number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          number++;
          if (!TrecLine.isBlank(line) && !check.goesOn(file, number, line)) {
            return;
          }
        }
      }
    }
  }

  private static InputStream opened(String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    InputStream stream = path.getFileSystem(hadoop).open(path);
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    return codec == null ? stream : codec.createInputStream(stream);
  }

  private Optional<HoneException> badLine(Configuration hadoop) throws IOException {
    List<HoneException> found = new ArrayList<>();
    scan(
        hadoop,
        (file, number, line) -> {
          try {
            TrecLine.of(line);
            return true;
          } catch (IllegalArgumentException e) {
            found.add(refused(file, number, "%s: %s".formatted(e.getMessage(), shown(line))));
            return false;
          }
        });
    return found.stream().findFirst();
  }

  private static String shown(String line) {
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }

  private HoneException twice(String query, String document, Configuration hadoop)
      throws IOException {
    List<String> places = new ArrayList<>();
    List<HoneException> found = new ArrayList<>();
    scan(
        hadoop,
        (file, number, line) -> {
          TrecLine read = TrecLine.of(line);
          if (read.queryId().equals(query) && read.documentId().equals(document)) {
            if (places.isEmpty()) {
              places.add(file + " line " + number);
              return true;
            }
            found.add(
                refused(
                    file,
                    number,
                    "it holds document %s for query %s again, after %s"
                        .formatted(document, query, places.get(0))));
            return false;
          }
          return true;
        });
    return found.get(0);
  }

  private HoneException refused(String file, long number, String problem) {
    return new HoneException(
        ErrorCode.INPUT,
        "Cannot evaluate the run %s: %s line %d: %s. Correct the file."
            .formatted(name, file, number, problem));
  }
}
