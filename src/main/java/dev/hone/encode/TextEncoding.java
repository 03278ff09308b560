package dev.hone.encode;

import static org.apache.spark.sql.functions.col;

import dev.hone.pipeline.ExecutorHosts;
import dev.hone.table.Tables;
import dev.hone.text.TextRole;
import dev.hone.torch.EncodedTexts;
import dev.hone.torch.Encoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Encodes texts on the executors, in partitions that depend on the texts alone. */
final class TextEncoding {
  private static final Logger LOG = LoggerFactory.getLogger(TextEncoding.class);

  /** The most texts of a partition, on average: what a lost executor does again. */
  private static final int LARGEST = 2048;

  /** Texts that are worth a task of their own. */
  private static final int SMALLEST = 128;

  /** Tasks to deal out where there are texts enough, so that executors end at about one time. */
  private static final int TASKS = 32;

  /** Texts handed to the encoder at once: a killed task ends after so many. */
  private static final int BLOCK = 256;

  private TextEncoding() {}

  /**
   * Vectors of texts.
   *
   * @param texts roles (those that the text is encoded for, with one prompt), content_hash, text
   * @param count how many texts these are
   * @return rows as {@link Tables#VECTORS}, one for each role of a text
   */
  static Dataset<Row> of(EncoderSpec encoder, Dataset<Row> texts, long count) {
    int executors = ExecutorHosts.onFullestHost(texts.sparkSession());
    return texts
        .select("roles", "content_hash", "text")
        .repartition(partitions(count), col("content_hash"))
        .mapPartitions(
            new EncodePartition(
                encoder,
                executors,
                new SerializableConfiguration(
                    texts.sparkSession().sparkContext().hadoopConfiguration())),
            Encoders.row(Tables.VECTORS.schema()));
  }

  /** How many partitions so many texts make, whatever the executors. */
  static int partitions(long texts) {
    long large = (texts + LARGEST - 1) / LARGEST;
    long small = (texts + SMALLEST - 1) / SMALLEST;
    return (int) Math.max(1, Math.max(large, Math.min(small, TASKS)));
  }

  /** Encodes the rows of one partition, each text once. */
  private record EncodePartition(EncoderSpec spec, int executors, SerializableConfiguration hadoop)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws InterruptedException {
      List<List<Row>> blocks = blocks(rows);
      if (blocks.isEmpty()) {
        return Collections.emptyIterator();
      }
      List<Row> encoded = new ArrayList<>();
      EncoderHolder.ofThisProcess()
          .use(
              spec,
              executors,
              hadoop.value(),
              encoder -> {
                for (List<Row> block : blocks) {
                  if (Thread.interrupted()) {
                    throw new InterruptedException("the task was killed");
                  }
                  encode(encoder, block, encoded);
                }
              });
      LOG.info("  {} vectors", encoded.size());
      return encoded.iterator();
    }

    /** Blocks of equal roles and, as far as characters tell, of similar lengths. */
    private static List<List<Row>> blocks(Iterator<Row> rows) {
      SortedMap<String, List<Row>> byRoles = new TreeMap<>();
      rows.forEachRemaining(
          row ->
              byRoles
                  .computeIfAbsent(row.getList(0).toString(), roles -> new ArrayList<>())
                  .add(row));
      List<List<Row>> blocks = new ArrayList<>();
      for (List<Row> same : byRoles.values()) {
        same.sort(Comparator.comparingInt(row -> row.getString(2).length()));
        for (int from = 0; from < same.size(); from += BLOCK) {
          blocks.add(same.subList(from, Math.min(same.size(), from + BLOCK)));
        }
      }
      return blocks;
    }

    private static void encode(Encoder encoder, List<Row> rows, List<Row> encoded) {
      List<String> roles = rows.get(0).getList(0);
      List<String> texts = rows.stream().map(row -> row.getString(2)).toList();
      TextRole role = roles.contains(TextRole.QUERY.label()) ? TextRole.QUERY : TextRole.DOCUMENT;
      EncodedTexts result = encoder.encode(texts, role);
      for (int i = 0; i < rows.size(); i++) {
        for (String label : roles) {
          encoded.add(
              RowFactory.create(
                  label, rows.get(i).getString(1), result.vectors()[i], result.truncated()[i]));
        }
      }
    }
  }
}
