package dev.hone.cluster;

import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import dev.hone.train.Advice;
import dev.hone.train.AdvisedRun;
import dev.hone.train.Advisor;
import dev.hone.train.CurvePoint;
import dev.hone.train.TrainingUpdate;
import dev.hone.train.ValidationHistory;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What the advisor is told of a run before one of its segments begins, in a form that travels to an
 * executor.
 *
 * @param earlier the log of the segments before, by step
 */
record Counsel(AdvisedRun run, List<CurvePoint> earlier) implements Serializable {
  Counsel {
    earlier = List.copyOf(earlier);
  }

  /**
   * What is known once the segments before have been published.
   *
   * @param before their commits in their order
   */
  static Counsel of(StageContext context, AdvisedRun run, List<Commit> before) {
    List<CurvePoint> points = new ArrayList<>();
    for (Commit segment : before) {
      context
          .read(segment, Tables.SEGMENT_LOG)
          .select("step", "dataset", "loss", "gradient_norm")
          .orderBy("step")
          .collectAsList()
          .forEach(
              row ->
                  points.add(
                      new CurvePoint(
                          row.getInt(0), row.getString(1), row.getDouble(2), row.getDouble(3))));
    }
    return new Counsel(run, points);
  }

  /**
   * The advice for the whole run so far.
   *
   * @param own the segment's updates
   * @param validations all of the run
   */
  List<Advice> advice(List<TrainingUpdate> own, ValidationHistory validations) {
    List<CurvePoint> log = new ArrayList<>(earlier);
    own.forEach(update -> log.add(CurvePoint.of(update)));
    return Advisor.advise(run, log, validations);
  }
}
