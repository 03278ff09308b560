package dev.hone.cluster;

import dev.hone.loss.RankingRow;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelFolderWriter;
import dev.hone.model.Tensor;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import dev.hone.train.BatchSource;
import dev.hone.train.Training;
import dev.hone.train.TrainingBatch;
import dev.hone.train.TrainingUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;

/** What one rank does: trains on its rows, writes the model's folder, returns the log. */
final class RankTask implements Barrier.Rank {
  private static final long serialVersionUID = 1L;

  private final TrainingSpec spec;
  private final int updates;
  private final String workspace;
  private final String target;
  private final SerializableConfiguration hadoop;

  RankTask(TrainingSpec spec, int updates, String workspace, String target, Configuration hadoop) {
    this.spec = spec;
    this.updates = updates;
    this.workspace = workspace;
    this.target = target;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  @Override
  public Iterator<Row> run(Iterator<Row> rows) throws IOException {
    ModelFolder base = spec.base(hadoop.value());
    List<Row> log = new ArrayList<>();
    TrainingProgress progress = new TrainingProgress();
    SortedMap<String, Tensor> weights =
        Training.run(
            base,
            new PlannedBatches(rows, updates),
            spec.options(updates),
            (update, all) -> {
              log.add(row(update));
              progress.updated(update, all);
            });
    Path folder = Files.createTempDirectory("hone-model");
    try {
      ModelFolderWriter.write(base, weights, folder);
      Workspace.attach(workspace, hadoop.value()).upload(folder, target);
    } finally {
      LocalCache.delete(folder);
    }
    return log.iterator();
  }

  private static Row row(TrainingUpdate update) {
    return RowFactory.create(
        update.step(),
        update.epoch(),
        update.dataset(),
        update.loss(),
        update.learningRate(),
        update.gradientNorm(),
        update.examples() / update.seconds(),
        update.tokens() / update.seconds());
  }

  /** Groups the plan's rows, sorted by step, into batches. */
  private static final class PlannedBatches implements BatchSource {
    private final Iterator<Row> rows;
    private final int updates;
    private Row next;

    PlannedBatches(Iterator<Row> rows, int updates) {
      this.rows = rows;
      this.updates = updates;
      this.next = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public int updates() {
      return updates;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public TrainingBatch next() {
      if (next == null) {
        throw new NoSuchElementException("the plan has ended");
      }
      Row first = next;
      List<RankingRow> batch = new ArrayList<>();
      while (next != null && next.getInt(0) == first.getInt(0)) {
        batch.add(row(next));
        next = rows.hasNext() ? rows.next() : null;
      }
      return new TrainingBatch(first.getInt(2), first.getString(3), batch);
    }

    private static RankingRow row(Row row) {
      List<Row> negatives = row.getList(7);
      List<String> known = row.getList(8);
      return new RankingRow(
          row.getString(4),
          row.getString(5),
          candidate(row.getStruct(6)),
          negatives.stream().map(PlannedBatches::candidate).toList(),
          new HashSet<>(known));
    }

    private static RankingRow.Candidate candidate(Row document) {
      return new RankingRow.Candidate(document.getString(0), new HashSet<>(document.getList(1)));
    }
  }
}
