package dev.hone.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.evaluate.ComparisonResult.Change;
import dev.hone.evaluate.ComparisonResult.Line;
import dev.hone.evaluate.ComparisonResult.Side;
import dev.hone.evaluate.ComparisonResult.Verdict;
import dev.hone.metric.PairedComparison;
import java.util.List;

/** Writes what a comparison found as one JSON object for programs. */
public final class ComparisonJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ComparisonJson() {}

  /**
   * One object on several lines. What is not defined is absent, and so is an effect size that is
   * infinite.
   *
   * @return text that ends in a line feed
   */
  public static String render(ComparisonResult result) {
    ObjectNode root = JSON.createObjectNode();
    root.set("baseline", sides(result.baseline()));
    root.set("candidate", sides(result.candidate()));
    root.put("bootstrap_draws", result.bootstrapDraws());
    ArrayNode lines = root.putArray("metrics");
    result.lines().forEach(line -> lines.add(line(line)));
    root.set("losses", changes(result.losses()));
    root.set("gains", changes(result.gains()));
    root.set("verdict", verdict(result.verdict()));
    return root.toPrettyString() + "\n";
  }

  private static ArrayNode sides(List<Side> sides) {
    ArrayNode array = JSON.createArrayNode();
    sides.forEach(side -> array.addObject().put("run", side.run()).put("form", side.form()));
    return array;
  }

  private static ObjectNode line(Line line) {
    ObjectNode node = JSON.createObjectNode();
    node.put("dataset", line.dataset());
    node.put("metric", line.metric().metric());
    node.put("k", line.metric().k());
    node.put("primary", line.isPrimary());
    node.put("query_count", line.count());
    put(node, "baseline", line.baseline());
    put(node, "candidate", line.candidate());
    put(node, "delta", line.delta());
    PairedComparison paired = line.paired();
    if (paired != null) {
      put(node, "ci_low", paired.interval().low());
      put(node, "ci_high", paired.interval().high());
      put(node, "p_t", paired.tTestP());
      put(node, "p_randomization", paired.randomizationP());
      node.put("randomization_draws", paired.draws());
      put(node, "p_holm", line.adjustedP());
      put(node, "effect_size", paired.effectSize());
      node.put("won", paired.wins()).put("tied", paired.ties()).put("lost", paired.losses());
    }
    return node;
  }

  /** JSON has no number that is not finite. */
  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    }
  }

  private static ArrayNode changes(List<Change> changes) {
    ArrayNode array = JSON.createArrayNode();
    for (Change change : changes) {
      array
          .addObject()
          .put("dataset", change.dataset())
          .put("query_id", change.queryId())
          .put("baseline", change.baseline())
          .put("candidate", change.candidate())
          .put("text", change.text());
    }
    return array;
  }

  private static ObjectNode verdict(Verdict verdict) {
    ObjectNode node = JSON.createObjectNode();
    node.put("worse", verdict.isWorse());
    node.put("metric", verdict.metric());
    node.put("datasets", verdict.datasets());
    put(node, "baseline", verdict.baseline());
    put(node, "candidate", verdict.candidate());
    put(node, "delta", verdict.delta());
    node.put("tolerance", verdict.tolerance());
    node.put("max_forgetting", verdict.maxForgetting());
    ArrayNode forgetting = node.putArray("forgetting");
    verdict
        .forgetting()
        .forEach(
            one ->
                forgetting
                    .addObject()
                    .put("dataset", one.dataset())
                    .put("metric", one.metric().metric())
                    .put("k", one.metric().k())
                    .put("base", one.base())
                    .put("tuned", one.tuned())
                    .put("too_much", one.isTooMuch()));
    node.put("text", ComparisonTable.verdict(verdict));
    return node;
  }
}
