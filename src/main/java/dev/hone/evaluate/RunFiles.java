package dev.hone.evaluate;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.Attempt;
import dev.hone.store.LocalCache;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes rankings as TREC run files, one for each data set. */
final class RunFiles {
  private RunFiles() {}

  /**
   * Refuses ids that a run file cannot hold.
   *
   * @param ids dataset, id
   * @throws HoneException if one holds white space
   */
  static void checkIds(Dataset<Row> ids) {
    List<Row> spaced = ids.filter("id rlike '\\\\s'").limit(1).collectAsList();
    if (!spaced.isEmpty()) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot write TREC run files: the id \"%s\" of data set %s holds white space, which separates their columns. Set evaluate.write-runs = false, or take other ids."
              .formatted(spaced.get(0).getString(1), spaced.get(0).getString(0)));
    }
  }

  /**
   * Publishes files {@code MODEL/DATASET.run}.
   *
   * @param model the run tag
   * @param datasets all that get a file, found for or not
   * @param rankings as the table; each row comes to the driver, one at a time
   */
  static void publish(Attempt attempt, String model, List<String> datasets, Dataset<Row> rankings) {
    try {
      Path folder = Files.createTempDirectory("hone-runs");
      try {
        Path own = Files.createDirectory(folder.resolve(model));
        for (String dataset : datasets) {
          Files.createFile(own.resolve(dataset + ".run"));
        }
        write(model, own, rankings);
        attempt.artifact(EvaluateStage.RUNS, folder);
      } finally {
        LocalCache.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(String model, Path folder, Dataset<Row> rankings) throws IOException {
    Iterator<Row> rows =
        rankings
            .select("dataset", "query_id", "doc_id", "rank", "score")
            .orderBy("dataset", "query_id", "rank")
            .toLocalIterator();
    String open = "";
    BufferedWriter writer = null;
    try {
      while (rows.hasNext()) {
        Row row = rows.next();
        if (!row.getString(0).equals(open)) {
          if (writer != null) {
            writer.close();
          }
          open = row.getString(0);
          writer = Files.newBufferedWriter(folder.resolve(open + ".run"));
        }
        writer.write(
            TrecLine.write(
                row.getString(1), row.getString(2), row.getInt(3), row.getDouble(4), model));
        writer.write('\n');
      }
    } finally {
      if (writer != null) {
        writer.close();
      }
    }
  }
}
