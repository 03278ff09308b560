package dev.hone.train;

import dev.hone.loss.BatchRows;
import dev.hone.loss.MatryoshkaOptions;
import dev.hone.loss.Objective;
import dev.hone.loss.RankingOptions;
import dev.hone.loss.RankingRow;
import dev.hone.loss.RankingRow.Candidate;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.store.SharedCache;
import dev.hone.text.Prompts;
import dev.hone.torch.WordNetTexts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * A training of a few updates on WordNet's lemmas and glosses, dropout on, that several tests
 * share.
 *
 * @param base the model
 * @param cache where archives are kept
 */
public record SmallTraining(ModelFolder base, LocalCache cache) {
  public static final int UPDATES = 13;
  public static final int BATCH = 4;

  /** With a cache in a folder. */
  public static SmallTraining in(Path folder) {
    LocalCache cache = SharedCache.open();
    return new SmallTraining(
        ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration(false)), cache);
  }

  /** With dropout. */
  public TrainingOptions options() {
    return options(0.1, 1, ParameterRates.ALL_ALIKE, BATCH);
  }

  /** With some options of its own. */
  public TrainingOptions options(
      double dropout, double maxGradientNorm, ParameterRates rates, int batchRows) {
    return options(RankingOptions.plain(20), dropout, maxGradientNorm, rates, batchRows);
  }

  /** With another loss. */
  public TrainingOptions options(
      Objective objective,
      double dropout,
      double maxGradientNorm,
      ParameterRates rates,
      int batchRows) {
    return new TrainingOptions(
        Map.of(
            "wordnet",
            new DatasetTraining(
                new TrainingLoss(objective, MatryoshkaOptions.NONE, true),
                new OneGraph(GradientMethod.CHUNK_TOKENS),
                Prompts.NONE,
                32)),
        new LearningRateSchedule(1e-3, 0.2, UPDATES, LearningRateSchedule.Decay.LINEAR),
        0.01,
        maxGradientNorm,
        Precision.FP32,
        dropout,
        0,
        32,
        Prompts.NONE,
        1,
        3,
        7,
        cache,
        rates,
        batchRows);
  }

  /** The batches of the updates from first to before end. */
  public static BatchSource batches(int first, int end) {
    return new Batches(first, end);
  }

  /** Lemmas, their glosses, and the gloss of another as a hard negative. */
  public static List<RankingRow> rows(int from, int to) {
    List<String> lemmas = WordNetTexts.lemmas(to + 1);
    List<String> glosses = WordNetTexts.glosses(to + 1);
    List<RankingRow> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Candidate negative = new Candidate(glosses.get(i + 1), Set.of("n" + i));
      rows.add(
          new RankingRow(
              lemmas.get(i),
              lemmas.get(i),
              new Candidate(glosses.get(i), Set.of("d" + i)),
              List.of(negative),
              Set.of("d" + i)));
    }
    return rows;
  }

  private static final class Batches implements BatchSource {
    private final int first;
    private final int end;
    private int step;

    Batches(int first, int end) {
      this.first = first;
      this.end = end;
      this.step = first;
    }

    @Override
    public int first() {
      return first;
    }

    @Override
    public int updates() {
      return UPDATES;
    }

    @Override
    public boolean hasNext() {
      return step < end;
    }

    @Override
    public TrainingBatch next() {
      List<RankingRow> rows = rows(step * BATCH, (step + 1) * BATCH);
      step++;
      return new TrainingBatch(0, "wordnet", new BatchRows.Ranking(rows));
    }
  }
}
