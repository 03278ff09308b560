package dev.hone.encode;

import static org.apache.spark.sql.functions.col;

import dev.hone.pipeline.ExecutorHosts;
import dev.hone.text.TextPair;
import dev.hone.torch.PairScorer;
import dev.hone.torch.ScoredPairs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores pairs of texts with a cross-encoder on the executors, each pair of equal texts once, in
 * partitions that depend on the texts alone.
 */
public final class PairScoring {
  private static final Logger LOG = LoggerFactory.getLogger(PairScoring.class);
  private static final StructType SCORES =
      StructType.fromDDL(
          "query_hash STRING, document_hash STRING, score DOUBLE, truncated BOOLEAN");

  /** Pairs handed to the model at once: a killed task ends after so many. */
  private static final int BLOCK = 256;

  private PairScoring() {}

  /** Scores by the hashes of texts, kept until closed. */
  public static final class Scores implements AutoCloseable {
    private final Dataset<Row> rows;

    private Scores(Dataset<Row> rows) {
      this.rows = rows;
    }

    /** query_hash, document_hash, score: each pair of texts once. */
    public Dataset<Row> rows() {
      return rows.drop("truncated");
    }

    @Override
    public void close() {
      rows.unpersist();
    }
  }

  /**
   * Scores pairs, at once.
   *
   * @param pairs query, document: texts, in any order and number
   */
  public static Scores of(PairScorerSpec scorer, Dataset<Row> pairs) {
    Dataset<Row> hashed =
        pairs
            .select(
                Texts.hash(col("query")).as("query_hash"),
                Texts.hash(col("document")).as("document_hash"),
                col("query"),
                col("document"))
            .dropDuplicates("query_hash", "document_hash")
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long count = hashed.count();
      LOG.info("  {} pairs of texts to score", count);
      Dataset<Row> scores =
          hashed
              .repartition(TextEncoding.partitions(count), col("query_hash"), col("document_hash"))
              .mapPartitions(scorePartition(scorer, pairs), Encoders.row(SCORES))
              .persist(StorageLevel.MEMORY_AND_DISK());
      long truncated = scores.filter("truncated").count();
      if (truncated > 0) {
        LOG.info("  {} of {} pairs were longer than the cross-encoder reads", truncated, count);
      }
      return new Scores(scores);
    } finally {
      hashed.unpersist();
      EncoderHolder.ofThisProcess().release(); // in an embedded master, training comes next
    }
  }

  private static ScorePartition scorePartition(PairScorerSpec scorer, Dataset<Row> pairs) {
    return new ScorePartition(
        scorer,
        ExecutorHosts.onFullestHost(pairs.sparkSession()),
        new SerializableConfiguration(pairs.sparkSession().sparkContext().hadoopConfiguration()));
  }

  /** Scores the rows of one partition. */
  private record ScorePartition(
      PairScorerSpec spec, int executors, SerializableConfiguration hadoop)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws InterruptedException {
      List<Row> pairs = new ArrayList<>();
      rows.forEachRemaining(pairs::add);
      if (pairs.isEmpty()) {
        return Collections.emptyIterator();
      }
      // Blocks of similar lengths, as far as characters tell.
      pairs.sort(
          Comparator.comparingInt(row -> row.getString(2).length() + row.getString(3).length()));
      List<Row> scored = new ArrayList<>(pairs.size());
      EncoderHolder.ofThisProcess()
          .use(
              spec,
              executors,
              hadoop.value(),
              scorer -> {
                for (int from = 0; from < pairs.size(); from += BLOCK) {
                  if (Thread.interrupted()) {
                    throw new InterruptedException("the task was killed");
                  }
                  score(scorer, pairs.subList(from, Math.min(pairs.size(), from + BLOCK)), scored);
                }
              });
      LOG.info("  {} pairs scored", scored.size());
      return scored.iterator();
    }

    private static void score(PairScorer scorer, List<Row> rows, List<Row> scored) {
      ScoredPairs result =
          scorer.score(
              rows.stream().map(row -> new TextPair(row.getString(2), row.getString(3))).toList());
      for (int i = 0; i < rows.size(); i++) {
        scored.add(
            RowFactory.create(
                rows.get(i).getString(0),
                rows.get(i).getString(1),
                (double) result.scores()[i],
                result.truncated()[i]));
      }
    }
  }
}
