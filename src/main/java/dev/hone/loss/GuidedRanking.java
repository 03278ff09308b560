package dev.hone.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/**
 * Multiple negatives ranking without what a guide takes for false negatives (GISTEmbed, Solatorio,
 * arXiv 2402.16829). Every row and candidate of a batch has to bring the guide's vector.
 *
 * @param ranking how it is done
 * @param kind how the margin is taken off
 * @param margin finite; 0: what is more similar than the positive itself is a false negative
 */
public record GuidedRanking(RankingOptions ranking, Guide.Margin kind, double margin)
    implements RankingObjective {
  /** Refuses what is missing. */
  public GuidedRanking {
    Objects.requireNonNull(ranking, "ranking");
    Objects.requireNonNull(kind, "kind");
  }

  @Override
  public BatchLoss over(CandidateColumns columns) {
    List<RankingRow> batch = columns.batch();
    List<float[]> vectors = new ArrayList<>();
    batch.forEach(row -> vectors.add(values(row.guide())));
    columns.slots().forEach(slot -> vectors.add(values(slot.in(batch).guide())));
    return new MultipleNegativesRanking(ranking, columns, new Guide(vectors, kind, margin));
  }

  private static float[] values(GuideVector vector) {
    if (vector == null) {
      throw new IllegalArgumentException("a text of the batch has no vector of the guide's");
    }
    return vector.values();
  }

  @Override
  public SortedMap<String, Object> settings() {
    SortedMap<String, Object> settings = ranking.settings();
    settings.put("guide-margin", margin);
    settings.put("guide-margin-kind", kind.name());
    return settings;
  }
}
