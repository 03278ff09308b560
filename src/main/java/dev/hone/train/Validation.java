package dev.hone.train;

import ai.djl.ndarray.NDManager;
import dev.hone.metric.Judgements;
import dev.hone.metric.Ranking;
import dev.hone.metric.RankingMetrics;
import dev.hone.metric.ScoredDocument;
import dev.hone.metric.Similarity;
import dev.hone.search.DenseSearch;
import dev.hone.search.Hit;
import dev.hone.search.SearchUnit;
import dev.hone.text.TextRole;
import dev.hone.torch.TorchRuntime;
import dev.hone.train.ValidationResult.Score;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Measures the model as it is now on the validation splits, without dropout. */
final class Validation {
  /** Texts whose vectors are held at once, beside the queries'. */
  private static final int BLOCK = 2048;

  private final ValidationPlan plan;
  private final Vectors vectors;

  /** Texts in, vectors of unit length or as the model compares them out. */
  @FunctionalInterface
  interface Vectors {
    float[][] of(List<String> texts, TextRole role);
  }

  Validation(ValidationPlan plan, Vectors vectors) {
    this.plan = plan;
    this.vectors = vectors;
  }

  /**
   * Measures all data sets.
   *
   * @param done updates done
   * @param earlier the validations before this one; the first of all is the base's
   */
  ValidationResult measure(int done, int epoch, ValidationHistory earlier) {
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < plan.sets().size(); i++) {
      ValidationSet set = plan.sets().get(i);
      double value = value(set);
      double base =
          earlier.results().isEmpty() ? value : earlier.results().get(0).scores().get(i).value();
      boolean ranked = set instanceof ValidationSet.Ranked;
      scores.add(new Score(set.dataset(), name(set), ranked ? plan.k() : null, value, base));
    }
    return new ValidationResult(done, epoch, ValidationResult.criterion(scores), scores);
  }

  private String name(ValidationSet set) {
    if (set instanceof ValidationSet.Ranked) {
      return plan.metric();
    }
    return set instanceof ValidationSet.Scored ? "spearman" : "triplet_accuracy";
  }

  private double value(ValidationSet set) {
    if (set instanceof ValidationSet.Ranked ranked) {
      return ranked(ranked);
    }
    return set instanceof ValidationSet.Scored scored
        ? scored(scored)
        : compared((ValidationSet.Compared) set);
  }

  private double ranked(ValidationSet.Ranked set) {
    List<float[]> queries =
        List.of(vectors.of(texts(set.queries(), ValidationSet.Text::text), TextRole.QUERY));
    double sum = 0;
    try (NDManager scope = TorchRuntime.scope()) {
      DenseSearch search = new DenseSearch(scope, queries, SearchUnit.PARENT, plan.k());
      for (int start = 0; start < set.documents().size(); start += BLOCK) {
        List<ValidationSet.Text> block =
            set.documents().subList(start, Math.min(set.documents().size(), start + BLOCK));
        float[][] found = vectors.of(texts(block, ValidationSet.Text::text), TextRole.DOCUMENT);
        for (int i = 0; i < found.length; i++) {
          search.add(block.get(i).id(), found[i]);
        }
      }
      search.finish();
      for (int query = 0; query < queries.size(); query++) {
        String id = set.queries().get(query).id();
        sum += metric(id, search.best(query), set.grades().get(id));
      }
    }
    return sum / queries.size();
  }

  private double metric(String query, List<Hit> hits, Map<String, Integer> grades) {
    List<ScoredDocument> documents =
        hits.stream().map(hit -> new ScoredDocument(hit.documentId(), hit.score())).toList();
    return RankingMetrics.of(Ranking.of(query, documents), new Judgements(grades), plan.options())
        .at(plan.measure(), plan.k());
  }

  private double compared(ValidationSet.Compared set) {
    Map<String, float[]> queries =
        byText(texts(set.triplets(), ValidationSet.Triplet::query), TextRole.QUERY);
    List<String> documents = texts(set.triplets(), ValidationSet.Triplet::positive);
    documents.addAll(texts(set.triplets(), ValidationSet.Triplet::other));
    Map<String, float[]> byDocument = byText(documents, TextRole.DOCUMENT);
    double[] positives = new double[set.triplets().size()];
    double[] others = new double[positives.length];
    for (int i = 0; i < positives.length; i++) {
      ValidationSet.Triplet triplet = set.triplets().get(i);
      float[] query = queries.get(triplet.query());
      positives[i] = product(query, byDocument.get(triplet.positive()));
      others[i] = product(query, byDocument.get(triplet.other()));
    }
    return Similarity.tripletAccuracy(positives, others);
  }

  private double scored(ValidationSet.Scored set) {
    List<String> texts = texts(set.pairs(), ValidationSet.Pair::a);
    texts.addAll(texts(set.pairs(), ValidationSet.Pair::b));
    Map<String, float[]> byText = byText(texts, TextRole.DOCUMENT);
    return Similarity.spearman(
        set.pairs().stream()
            .mapToDouble(pair -> product(byText.get(pair.a()), byText.get(pair.b())))
            .toArray(),
        set.pairs().stream().mapToDouble(ValidationSet.Pair::score).toArray());
  }

  private Map<String, float[]> byText(List<String> texts, TextRole role) {
    List<String> distinct = texts.stream().distinct().toList();
    float[][] found = vectors.of(distinct, role);
    Map<String, float[]> byText = new HashMap<>();
    for (int i = 0; i < found.length; i++) {
      byText.put(distinct.get(i), found[i]);
    }
    return byText;
  }

  private static <T> List<String> texts(List<T> from, Function<T, String> text) {
    return new ArrayList<>(from.stream().map(text).toList());
  }

  /** The same vectors at length 1, so that their product is the cosine; one of length 0 stays. */
  static float[][] atUnitLength(float[][] vectors) {
    float[][] normalized = new float[vectors.length][];
    for (int i = 0; i < vectors.length; i++) {
      float length = (float) Math.max(Math.sqrt(product(vectors[i], vectors[i])), 1e-12);
      normalized[i] = new float[vectors[i].length];
      for (int j = 0; j < vectors[i].length; j++) {
        normalized[i][j] = vectors[i][j] / length;
      }
    }
    return normalized;
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
