package dev.hone.train;

import dev.hone.train.Advice.Kind;
import dev.hone.train.AdvisedRun.CutTexts;
import dev.hone.train.AdvisedRun.TrainedSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the advisor says about the rows and how they are dealt out, whatever the loss does. */
final class PlanRules {
  /** The batches of the guide, the largest first. */
  private static final int[] BATCHES = {128, 64};

  /** Fewer updates change a model little; a larger batch is not worth that. */
  private static final int UPDATES_TO_LEAVE = 100;

  /** The share of a data set's rows that is a large tail: a tenth of the data is unseen. */
  private static final double LARGE_TAIL = 0.1;

  /** The share of texts that is most of them. */
  private static final double MOST = 0.5;

  private final AdvisedRun run;

  PlanRules(AdvisedRun run) {
    this.run = run;
  }

  List<Advice> advice() {
    List<Advice> found = new ArrayList<>();
    batch().ifPresent(found::add);
    for (TrainedSet set : run.sets()) {
      size(set).ifPresent(found::add);
      tail(set).ifPresent(found::add);
      truncation(set).ifPresent(found::add);
    }
    return found;
  }

  private Optional<Advice> batch() {
    long rows = (long) run.updates() * run.updateRows();
    for (int batch : BATCHES) {
      if (run.isContrastive() && batch > run.batchRows() && rows / batch >= UPDATES_TO_LEAVE) {
        return Optional.of(
            advice(
                Kind.SMALL_BATCH,
                Advice.WHOLE_RUN,
                "a row has the documents of %d others as negatives; batches of %d leave %d updates"
                    .formatted(run.batchRows() - 1, batch, rows / batch),
                "Set train.batch-size = %d where memory allows, or train.loss = cached-mnrl, which needs no more memory for it."
                    .formatted(batch)));
      }
    }
    return Optional.empty();
  }

  private Optional<Advice> size(TrainedSet set) {
    return set.size() >= set.enoughFrom()
        ? Optional.empty()
        : Optional.of(
            advice(
                Kind.SMALL_DATASET,
                set.name(),
                "%d %s are trained on, fewer than the %d from which this type usually helps"
                    .formatted(set.size(), set.unit(), set.enoughFrom()),
                "Add rows, or raise train.max-rows where it leaves some out."));
  }

  private Optional<Advice> tail(TrainedSet set) {
    long update = Math.max(1, Math.min(set.rows(), run.updateRows()));
    long dropped = set.rows() % update;
    return !set.contrastive() || dropped <= LARGE_TAIL * set.rows()
        ? Optional.empty()
        : Optional.of(
            advice(
                Kind.DROPPED_TAIL,
                set.name(),
                Advice.text(
                    "%d of %d rows (%.0f %%) fill no update of %d and are left out of each epoch",
                    dropped, set.rows(), 100.0 * dropped / set.rows(), update),
                "Set train.batch-size lower, or add rows."));
  }

  private Optional<Advice> truncation(TrainedSet set) {
    List<String> cut =
        set.cut().stream().filter(texts -> texts.share() > MOST).map(PlanRules::evidence).toList();
    return cut.isEmpty()
        ? Optional.empty()
        : Optional.of(
            advice(
                Kind.TRUNCATED,
                set.name(),
                String.join(", ", cut) + " have more than " + run.maxLength() + " tokens",
                "Cut documents by normalize.chunk-tokens, or raise train.max-length as far as the model allows."));
  }

  private static String evidence(CutTexts texts) {
    return Advice.text("%d %s (%.0f %%)", texts.count(), texts.what(), 100 * texts.share());
  }

  private Advice advice(Kind kind, String dataset, String evidence, String suggestion) {
    return new Advice(0, run.updates() - 1, kind, dataset, evidence, suggestion);
  }
}
