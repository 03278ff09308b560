package dev.hone.loss;

import dev.hone.loss.DistilledRanking.Ranking;
import dev.hone.loss.RankingRow.Candidate;
import dev.hone.loss.TripletMargin.Triplet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Learns from a teacher's scores of each query's own positive and hard negatives; what the teacher
 * has not scored teaches nothing, nor does a false negative.
 *
 * @param kind what is learned
 * @param temperature of {@link Kind#KL}; finite and above 0
 */
public record Distillation(Kind kind, double temperature) implements RankingObjective {
  /** What is learned of a teacher. */
  public enum Kind {
    /** By how much it prefers the positive to each negative: {@link MarginMse}. */
    MARGIN_MSE,
    /** How it spreads its scores over positive and negatives: {@link DistilledRanking}. */
    KL
  }

  /** Refuses what is missing. */
  public Distillation {
    Objects.requireNonNull(kind, "kind");
  }

  /** A row's documents that the teacher has scored, the positive first. */
  private record Scored(int row, List<Integer> places, List<Double> scores) {}

  @Override
  public BatchLoss over(CandidateColumns columns) {
    int texts = columns.rows() + columns.columns();
    List<Scored> scored = scored(columns);
    return switch (kind) {
      case MARGIN_MSE -> margins(texts, scored);
      case KL ->
          new DistilledRanking(
              temperature,
              texts,
              scored.stream()
                  .map(row -> new Ranking(row.row(), row.places(), row.scores()))
                  .toList());
    };
  }

  private static MarginMse margins(int texts, List<Scored> scored) {
    List<Triplet> triplets = new ArrayList<>();
    List<Double> margins = new ArrayList<>();
    for (Scored row : scored) {
      for (int i = 1; i < row.places().size(); i++) {
        triplets.add(new Triplet(row.row(), row.places().get(0), row.places().get(i)));
        margins.add(row.scores().get(0) - row.scores().get(i));
      }
    }
    return new MarginMse(texts, triplets, margins);
  }

  /** The rows that have a positive and a negative to compare. */
  private static List<Scored> scored(CandidateColumns columns) {
    List<RankingRow> batch = columns.batch();
    int b = columns.rows();
    List<Scored> rows = new ArrayList<>();
    for (int row = 0; row < b; row++) {
      rows.add(new Scored(row, new ArrayList<>(), new ArrayList<>()));
      add(rows.get(row), b + row, batch.get(row).positive());
    }
    for (int column = b; column < columns.columns(); column++) {
      Scored row = rows.get(columns.slots().get(column).row());
      if (!row.places().isEmpty() && !columns.falseNegatives(row.row()).get(column)) {
        add(row, b + column, columns.slots().get(column).in(batch));
      }
    }
    return rows.stream().filter(row -> row.places().size() > 1).toList();
  }

  private static void add(Scored row, int place, Candidate document) {
    if (document.teacherScore() != null) {
      row.places().add(place);
      row.scores().add(document.teacherScore());
    }
  }

  @Override
  public SortedMap<String, Object> settings() {
    SortedMap<String, Object> settings = new TreeMap<>();
    settings.put("loss", kind == Kind.KL ? "kl" : "margin-mse");
    if (kind == Kind.KL) {
      settings.put("distillation-temperature", temperature);
    }
    return settings;
  }
}
