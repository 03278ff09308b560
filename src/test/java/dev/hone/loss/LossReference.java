package dev.hone.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The losses once more, from their formulas, one number at a time. Vectors are rows of [n, d], laid
 * out as the losses say.
 */
final class LossReference {
  private LossReference() {}

  static Dual dot(Dual[] a, Dual[] b) {
    Dual sum = Dual.constant(0, a[0].slope().length);
    for (int i = 0; i < a.length; i++) {
      sum = sum.plus(a[i].times(b[i]));
    }
    return sum;
  }

  static Dual cosine(Dual[] a, Dual[] b) {
    return dot(a, b).over(dot(a, a).root().times(dot(b, b).root()));
  }

  private static Dual logOfSum(List<Dual> scores) {
    double largest = scores.stream().mapToDouble(Dual::value).max().orElseThrow();
    Dual sum = Dual.constant(0, scores.get(0).slope().length);
    for (Dual score : scores) {
      sum = sum.plus(score.plus(-largest).exp());
    }
    return sum.log().plus(largest);
  }

  /** Which document counts for which query, written down by a test: [row][column]. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Counting(
      boolean[][] documents,
      boolean[][] otherQueries,
      boolean[][] queries,
      boolean[][] otherDocuments) {}

  static Function<Dual[][], Dual> ranking(
      RankingOptions options, CandidateColumns columns, Counting counting) {
    int b = columns.rows();
    return vectors -> {
      Dual total = Dual.constant(0, vectors[0][0].slope().length);
      for (int row = 0; row < b; row++) {
        List<List<Dual>> scores = new ArrayList<>();
        Dual[] query = vectors[row];
        Dual[] positive = vectors[b + row];
        for (Direction direction : options.directions()) {
          List<Dual> one = new ArrayList<>();
          switch (direction) {
            case QUERY_TO_DOCUMENT -> {
              for (int column = 0; column < columns.columns(); column++) {
                if (counting.documents()[row][column]) {
                  Dual cosine = cosine(query, vectors[b + column]);
                  double hardened = hardened(options, columns.slots().get(column), row);
                  one.add(cosine.times(options.scale()).plus(cosine.fixed().times(hardened)));
                }
              }
            }
            case QUERY_TO_QUERY ->
                add(one, options, query, vectors, 0, counting.otherQueries()[row]);
            case DOCUMENT_TO_QUERY ->
                add(one, options, positive, vectors, 0, counting.queries()[row]);
            case DOCUMENT_TO_DOCUMENT ->
                add(one, options, positive, vectors, b, counting.otherDocuments()[row]);
          }
          scores.add(one);
        }
        Dual own = cosine(query, positive).times(options.scale());
        total = total.plus(logOfAll(scores, options.partition()).minus(own));
      }
      return total.times(1.0 / b);
    };
  }

  private static void add(
      List<Dual> scores,
      RankingOptions options,
      Dual[] own,
      Dual[][] vectors,
      int first,
      boolean[] counting) {
    for (int other = 0; other < counting.length; other++) {
      if (counting[other]) {
        scores.add(cosine(own, vectors[first + other]).times(options.scale()));
      }
    }
  }

  private static double hardened(RankingOptions options, CandidateColumns.Slot slot, int row) {
    boolean ownNegative = slot.row() == row && slot.negative() >= 0;
    boolean others = slot.row() != row;
    boolean concerned =
        switch (options.hardness()) {
          case NONE -> false;
          case HARD_NEGATIVES -> ownNegative;
          case IN_BATCH_NEGATIVES -> others;
          case ALL_NEGATIVES -> ownNegative || others;
        };
    return concerned ? options.hardnessStrength() : 0;
  }

  private static Dual logOfAll(List<List<Dual>> scores, Partition partition) {
    if (partition == Partition.JOINT) {
      return logOfSum(scores.stream().flatMap(List::stream).toList());
    }
    List<Dual> logs = scores.stream().map(LossReference::logOfSum).toList();
    return logs.stream().reduce(Dual::plus).orElseThrow().times(1.0 / logs.size());
  }

  static Function<Dual[][], Dual> cosent(double scale, List<Double> goals) {
    int n = goals.size();
    return vectors -> {
      List<Dual> terms = new ArrayList<>();
      terms.add(Dual.constant(0, vectors[0][0].slope().length));
      for (int a = 0; a < n; a++) {
        for (int b = 0; b < n; b++) {
          if (goals.get(a) < goals.get(b)) {
            terms.add(
                cosine(vectors[a], vectors[n + a])
                    .minus(cosine(vectors[b], vectors[n + b]))
                    .times(scale));
          }
        }
      }
      return logOfSum(terms);
    };
  }

  static Function<Dual[][], Dual> triplets(
      TripletOptions options, List<TripletMargin.Triplet> triplets) {
    return vectors -> {
      Dual total = Dual.constant(0, vectors[0][0].slope().length);
      for (TripletMargin.Triplet triplet : triplets) {
        Dual[] anchor = vectors[triplet.anchor()];
        Dual near = distance(options.distance(), anchor, vectors[triplet.positive()]);
        Dual far = distance(options.distance(), anchor, vectors[triplet.negative()]);
        total = total.plus(near.minus(far).plus(options.margin()).positive());
      }
      return total.times(1.0 / Math.max(1, triplets.size()));
    };
  }

  private static Dual distance(Distance distance, Dual[] a, Dual[] b) {
    if (distance == Distance.COSINE) {
      return cosine(a, b).times(-1).plus(1);
    }
    Dual[] difference = new Dual[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i].minus(b[i]);
    }
    return dot(difference, difference).root();
  }

  static Function<Dual[][], Dual> margins(
      List<TripletMargin.Triplet> triplets, List<Double> margins) {
    return vectors -> {
      Dual total = Dual.constant(0, vectors[0][0].slope().length);
      for (int i = 0; i < triplets.size(); i++) {
        Dual[] anchor = vectors[triplets.get(i).anchor()];
        Dual near = dot(anchor, vectors[triplets.get(i).positive()]);
        Dual far = dot(anchor, vectors[triplets.get(i).negative()]);
        Dual error = near.minus(far).plus(-margins.get(i));
        total = total.plus(error.times(error));
      }
      return total.times(1.0 / triplets.size());
    };
  }

  static Function<Dual[][], Dual> distilled(double temperature, List<List<Double>> teacher) {
    int b = teacher.size();
    int k = teacher.get(0).size();
    return vectors -> {
      int inputs = vectors[0][0].slope().length;
      Dual total = Dual.constant(0, inputs);
      for (int row = 0; row < b; row++) {
        List<Dual> student = new ArrayList<>();
        List<Dual> goals = new ArrayList<>();
        for (int i = 0; i < k; i++) {
          student.add(dot(vectors[row], vectors[b * (1 + i) + row]).times(1 / temperature));
          goals.add(Dual.constant(teacher.get(row).get(i) / temperature, inputs));
        }
        for (int i = 0; i < k; i++) {
          Dual log = goals.get(i).minus(logOfSum(goals));
          Dual other = student.get(i).minus(logOfSum(student));
          total = total.plus(log.exp().times(log.minus(other)));
        }
      }
      return total.times(temperature * temperature / b);
    };
  }

  /** Each ranking by itself, from its own places. */
  static Function<Dual[][], Dual> distilled(double temperature, DistilledRanking loss) {
    return vectors -> {
      int inputs = vectors[0][0].slope().length;
      Dual total = Dual.constant(0, inputs);
      for (DistilledRanking.Ranking ranking : loss.rankings()) {
        List<Dual> student = new ArrayList<>();
        List<Dual> goals = new ArrayList<>();
        for (int i = 0; i < ranking.documents().size(); i++) {
          Dual[] document = vectors[ranking.documents().get(i)];
          student.add(dot(vectors[ranking.query()], document).times(1 / temperature));
          goals.add(Dual.constant(ranking.scores().get(i) / temperature, inputs));
        }
        for (int i = 0; i < goals.size(); i++) {
          Dual log = goals.get(i).minus(logOfSum(goals));
          total = total.plus(log.exp().times(log.minus(student.get(i).minus(logOfSum(student)))));
        }
      }
      return total.times(temperature * temperature / loss.rankings().size());
    };
  }

  static Function<Dual[][], Dual> matryoshka(
      Function<Dual[][], Dual> inner, MatryoshkaOptions options) {
    return vectors -> {
      Dual total = Dual.constant(0, vectors[0][0].slope().length);
      double weights = 0;
      for (int i = 0; i < options.dims().size(); i++) {
        int dim = options.dims().get(i);
        Dual[][] beginnings =
            Arrays.stream(vectors)
                .map(vector -> unit(Arrays.copyOf(vector, dim)))
                .toArray(Dual[][]::new);
        total = total.plus(inner.apply(beginnings).times(options.weights().get(i)));
        weights += options.weights().get(i);
      }
      return options.reduction() == MatryoshkaOptions.Reduction.MEAN
          ? total.times(1 / weights)
          : total;
    };
  }

  private static Dual[] unit(Dual[] vector) {
    Dual length = dot(vector, vector).root();
    return Arrays.stream(vector).map(value -> value.over(length)).toArray(Dual[]::new);
  }
}
