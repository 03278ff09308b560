package dev.hone.cluster;

import dev.hone.loss.BatchRows;
import dev.hone.loss.GuideVector;
import dev.hone.loss.RankingRow;
import dev.hone.loss.ScoredPair;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelFolderWriter;
import dev.hone.model.Tensor;
import dev.hone.store.Checkpoints;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import dev.hone.train.BatchSource;
import dev.hone.train.BestModel;
import dev.hone.train.Interpolation;
import dev.hone.train.Training;
import dev.hone.train.TrainingBatch;
import dev.hone.train.TrainingCheckpoint;
import dev.hone.train.TrainingStart;
import dev.hone.train.ValidationPlan;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one rank does: trains on a segment's rows, from the newest checkpoint on if an earlier try
 * left one, writes the model's folder and, where training goes on, the optimizer's state, and
 * returns the log.
 */
final class RankTask implements Barrier.Rank {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(RankTask.class);

  private final TrainingSpec spec;
  private final Segment segment;
  private final Handover before;
  private final String workspace;
  private final Targets targets;
  private final SerializableConfiguration hadoop;
  private final Broadcast<ValidationPlan> validation;
  private final Counsel counsel;

  /**
   * Where a rank writes to.
   *
   * @param digest the step's, which its checkpoints are found by
   * @param model the model's folder
   * @param optimizer the optimizer's state, where training goes on
   * @param best the best model so far, where training goes on and is validated
   */
  record Targets(String digest, String model, String optimizer, String best)
      implements Serializable {}

  /**
   * A segment's task.
   *
   * @param before what the segment before it left; null for the first
   * @param validation how it is validated; null where it is not
   * @param counsel what the advisor is told
   */
  RankTask(
      TrainingSpec spec,
      Segment segment,
      Handover before,
      String workspace,
      Targets targets,
      Broadcast<ValidationPlan> validation,
      Counsel counsel,
      Configuration hadoop) {
    this.spec = spec;
    this.segment = segment;
    this.before = before;
    this.workspace = workspace;
    this.targets = targets;
    this.validation = validation;
    this.counsel = counsel;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  @Override
  public Iterator<Row> run(Iterator<Row> rows) throws IOException {
    Path local = Files.createTempDirectory("hone-training");
    try {
      return train(rows, local).iterator();
    } finally {
      LocalCache.delete(local);
    }
  }

  private List<Row> train(Iterator<Row> rows, Path local) throws IOException {
    Workspace store = Workspace.attach(workspace, hadoop.value());
    ModelFolder base = spec.base(hadoop.value());
    TrainingWatch watch = watch(store, local);
    Path newest = Files.createDirectory(local.resolve("checkpoint"));
    Optional<TrainingCheckpoint> found = watch.resume(newest);
    TrainingStart start =
        found.isPresent() ? TrainingStart.at(base, found.get().state()) : start(base, store, local);
    int first = found.map(TrainingCheckpoint::done).orElse(segment.from());
    TrainingProgress progress = new TrainingProgress(segment.to());
    AdviceLog advice = new AdviceLog(counsel, watch, LOG::info);
    return Training.run(
        start,
        new PlannedBatches(rows, segment, first),
        spec.options(segment.updates()),
        (update, all) -> {
          watch.updated(update, all);
          progress.updated(update, all);
          advice.updated(update, all);
        },
        watch,
        training -> left(store, base, watch, training));
  }

  private TrainingWatch watch(Workspace store, Path local) throws IOException {
    boolean validatedBefore = before != null && validation != null;
    return new TrainingWatch(
        Checkpoints.of(store, targets.digest()),
        spec.checkpoints(),
        segment,
        spec.seed(),
        Optional.ofNullable(validation).map(Broadcast::value),
        validatedBefore
            ? Optional.of(before.best(store, local.resolve("best")))
            : Optional.empty());
  }

  private TrainingStart start(ModelFolder base, Workspace store, Path local) throws IOException {
    return before == null
        ? TrainingStart.at(base)
        : TrainingStart.at(
            spec.folder(before.model(), hadoop.value()),
            before.state(store, local.resolve("optimizer")));
  }

  /** Writes what the segment leaves, one thing after the other, and returns its logs. */
  private List<Row> left(
      Workspace store, ModelFolder base, TrainingWatch watch, Training training) {
    int done = segment.from() + watch.log().size();
    Supplier<SortedMap<String, Tensor>> best = () -> watch.best(done, training);
    Supplier<SortedMap<String, Tensor>> model =
        segment.isLast() ? tuned(base, best) : training.state().weights();
    try {
      upload(store, folder -> ModelFolderWriter.write(base, model.get(), folder), targets.model());
      if (!segment.isLast()) {
        upload(store, training.state().optimizer()::write, targets.optimizer());
        if (validation != null) {
          upload(store, new BestModel(best, watch.validations())::write, targets.best());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return RankRows.of(
        watch.log(),
        watch.validations(),
        segment.isLast() ? counsel.advice(watch.log(), watch.validations()) : List.of());
  }

  private Supplier<SortedMap<String, Tensor>> tuned(
      ModelFolder base, Supplier<SortedMap<String, Tensor>> best) {
    return spec.interpolate() < 1
        ? () -> Interpolation.between(base.weights(), best.get(), spec.interpolate())
        : best;
  }

  private static void upload(Workspace store, LocalCache.Filler filler, String target)
      throws IOException {
    Path folder = Files.createTempDirectory("hone-model");
    try {
      filler.fill(folder);
      store.upload(folder, target);
    } finally {
      LocalCache.delete(folder);
    }
  }

  /** Groups the plan's rows, sorted by step, into batches, from a step on. */
  private static final class PlannedBatches implements BatchSource {
    private static final int SCORE = 9;
    private static final int VECTOR = 10;

    private final Iterator<Row> rows;
    private final Segment segment;
    private final int first;
    private Row next;

    PlannedBatches(Iterator<Row> rows, Segment segment, int first) {
      this.rows = rows;
      this.segment = segment;
      this.first = first;
      do {
        this.next = rows.hasNext() ? rows.next() : null;
      } while (next != null && next.getInt(0) < first);
    }

    @Override
    public int first() {
      return first;
    }

    @Override
    public int updates() {
      return segment.updates();
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
      List<Row> batch = new ArrayList<>();
      while (next != null && next.getInt(0) == first.getInt(0)) {
        batch.add(next);
        next = rows.hasNext() ? rows.next() : null;
      }
      return new TrainingBatch(first.getInt(2), first.getString(3), batch(batch));
    }

    /** All rows of a batch come from one data set, so that all or none have a score. */
    private static BatchRows batch(List<Row> rows) {
      return rows.get(0).isNullAt(SCORE)
          ? new BatchRows.Ranking(rows.stream().map(PlannedBatches::row).toList())
          : new BatchRows.Scored(rows.stream().map(PlannedBatches::pair).toList());
    }

    private static ScoredPair pair(Row row) {
      return new ScoredPair(row.getString(5), row.getStruct(6).getString(0), row.getDouble(SCORE));
    }

    private static RankingRow row(Row row) {
      List<Row> negatives = row.getList(7);
      List<String> known = row.getList(8);
      return new RankingRow(
          row.getString(4),
          row.getString(5),
          candidate(row.getStruct(6)),
          negatives.stream().map(PlannedBatches::candidate).toList(),
          new HashSet<>(known),
          vector(row, VECTOR));
    }

    private static RankingRow.Candidate candidate(Row document) {
      return new RankingRow.Candidate(
          document.getString(0),
          new HashSet<>(document.getList(1)),
          vector(document, 2),
          document.isNullAt(3) ? null : document.getDouble(3));
    }

    private static GuideVector vector(Row row, int place) {
      if (row.isNullAt(place)) {
        return null;
      }
      List<Float> numbers = row.getList(place);
      float[] values = new float[numbers.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = numbers.get(i);
      }
      return new GuideVector(values);
    }
  }
}
