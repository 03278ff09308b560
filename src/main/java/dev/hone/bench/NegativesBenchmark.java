package dev.hone.bench;

import static org.apache.spark.sql.functions.col;

import dev.hone.chain.Chain;
import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Commit;
import dev.hone.table.Headline;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether hard negatives help: trains the same model on the same rows, as many steps, at the same
 * learning rate, with and without them, and compares NDCG@10 query by query. Its runs are published
 * in the workspace like any others, so that a later call goes on where one was stopped.
 */
final class NegativesBenchmark {
  private static final Logger LOG = LoggerFactory.getLogger(NegativesBenchmark.class);
  private static final int CUT_OFF = 10;

  private final BenchSettings settings;

  NegativesBenchmark(BenchSettings settings) {
    this.settings = settings;
  }

  private record Trial(NegativesData data, int repetition, NegativesArm arm) {
    /** What makes the trial comes last, so that nothing else changes it. */
    List<String> sets(List<String> ofAll) {
      List<String> sets = new ArrayList<>(ofAll);
      sets.addAll(data.sets(repetition));
      sets.addAll(arm.sets());
      return sets;
    }
  }

  /**
   * Runs all trials on the data sets that are there.
   *
   * @param dataOrNull the folder of the data sets
   * @throws HoneException if no data set is there, or a run fails
   */
  String run(String dataOrNull) {
    List<Trial> trials = trials(NegativesData.below(dataOrNull));
    NegativesTable table = new NegativesTable(settings.config().seed());
    for (Trial trial : trials) {
      table.add(trial.data(), trial.arm(), ndcgByQuery(trial));
      LOG.info(
          "{} {} {} of {} is done\n{}",
          trial.data(),
          trial.arm(),
          trial.repetition() + 1,
          trial.data().repetitions(),
          table);
    }
    return table.toString();
  }

  /**
   * All arms of a repetition one after the other, so that an early stop leaves pairs to compare.
   */
  private static List<Trial> trials(List<NegativesData> found) {
    List<Trial> trials = new ArrayList<>();
    for (NegativesData data : found) {
      for (int repetition = 0; repetition < data.repetitions(); repetition++) {
        for (NegativesArm arm : data.arms()) {
          trials.add(new Trial(data, repetition, arm));
        }
      }
    }
    return trials;
  }

  private Map<String, Double> ndcgByQuery(Trial trial) {
    Chain chain =
        Chain.of(
            config(trial),
            settings.spark(),
            settings.workspace(),
            settings.cache(),
            settings.codeVersion());
    Commit tuned = chain.run(Chain.Until.EVALUATE).evaluations().get("tuned");
    Map<String, Double> values = new TreeMap<>();
    for (Row row :
        Headline.of(chain.context().read(tuned, Tables.QUERY_METRICS))
            .filter(col("metric").equalTo("ndcg").and(col("k").equalTo(CUT_OFF)))
            .select("query_id", "value")
            .collectAsList()) {
      values.put(row.getString(0), row.getDouble(1));
    }
    return values;
  }

  private RunConfig config(Trial trial) {
    Path file = settings.folder().resolve(trial.data() + "-" + trial.repetition() + ".conf");
    try {
      Files.writeString(file, trial.data().configuration(trial.repetition()));
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot write the benchmark's data to %s: %s. Choose a folder with room by --workspace."
              .formatted(file, e.getMessage()),
          e);
    }
    return RunConfig.load(file, trial.sets(settings.sets()));
  }
}
