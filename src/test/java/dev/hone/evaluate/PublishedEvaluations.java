package dev.hone.evaluate;

import static dev.hone.pipeline.SmallWorkspace.row;

import dev.hone.config.RunConfig;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.store.Workspace;
import dev.hone.table.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Small runs to compare: law (trained on) and news are searched, similar has scored pairs. All is
 * published as a chain would, from numbers that a test writes down.
 */
public final class PublishedEvaluations {
  private static final List<String> QUERIES = List.of("q1", "q2", "q3", "q4");

  private final SmallWorkspace workspace;

  private PublishedEvaluations(SmallWorkspace workspace) {
    this.workspace = workspace;
  }

  /** A workspace below a folder. */
  public static PublishedEvaluations in(Path folder) {
    return new PublishedEvaluations(SmallWorkspace.in(folder));
  }

  public Workspace workspace() {
    return workspace.context().workspace();
  }

  SmallWorkspace small() {
    return workspace;
  }

  /**
   * Publishes data as a run's normal form.
   *
   * @param version of what changes nothing
   * @param grade of one judgement
   */
  public Commit data(String run, String version, int grade) {
    SmallWorkspace.Step step = workspace.run(run).step("normalize");
    List<Object[]> queries = new ArrayList<>();
    List<Object[]> judgements = new ArrayList<>();
    for (String dataset : List.of("law", "news")) {
      for (String query : QUERIES) {
        queries.add(row(dataset, query, "What does " + query + "\nmean?", "test"));
        judgements.add(row(dataset, query, "d1", query.equals("q4") ? grade : 1));
      }
      queries.add(row(dataset, "t" + version, "a training query", "train"));
    }
    return step.table(Tables.QUERIES, queries.toArray(Object[][]::new))
        .table(Tables.JUDGEMENTS, judgements.toArray(Object[][]::new))
        .table(
            Tables.DOCUMENTS,
            row("law", "d1", "d1", 0, null, "a law"),
            row("news", "d1", "d1", 0, null, "some news"))
        .table(Tables.SCORED_PAIRS, row("similar", "p1", "a", "b", 3.0, 0.0, 5.0, "test"))
        .publish(Map.of("version", version), Map.of());
  }

  /** What one model is measured by. */
  public static final class Model {
    private final List<Object[]> values = new ArrayList<>();
    private final List<Object[]> means = new ArrayList<>();
    private final String split;

    Model(String split) {
      this.split = split;
    }

    /** A model measured on the test split. */
    public static Model onTest() {
      return new Model("test");
    }

    /** NDCG@10 of the four queries, and twice as much, in a sense, at 5; a half vector has none. */
    public Model ranked(String dataset, double... ndcg) {
      double sum = 0;
      for (int i = 0; i < ndcg.length; i++) {
        sum += ndcg[i];
        values.add(query(dataset, QUERIES.get(i), 384, "fp32", 10, ndcg[i]));
        values.add(query(dataset, QUERIES.get(i), 384, "fp32", 5, ndcg[i] / 2));
        values.add(query(dataset, QUERIES.get(i), 128, "fp32", 10, 0));
        values.add(query(dataset, QUERIES.get(i), 384, "int8", 10, 0));
      }
      means.add(mean(dataset, 384, "fp32", "ndcg", 10, sum / ndcg.length));
      means.add(mean(dataset, 384, "fp32", "ndcg", 5, sum / ndcg.length / 2));
      means.add(mean(dataset, 128, "fp32", "ndcg", 10, 0));
      means.add(mean(dataset, 384, "int8", "ndcg", 10, 0));
      means.add(mean(dataset, 384, "fp32", "unjudged", 10, .1));
      return this;
    }

    /** Spearman's correlation over pairs. */
    public Model scored(String dataset, double spearman) {
      means.add(mean(dataset, 384, "fp32", "spearman", null, spearman));
      return this;
    }

    private Object[] query(
        String dataset, String id, int dim, String precision, int k, double value) {
      return row("m", dataset, split, id, dim, precision, "ndcg", k, value, 1, 1);
    }

    private Object[] mean(
        String dataset, int dim, String precision, String metric, Integer k, double value) {
      return row(
          "m", dataset, split, dim, precision, metric, k, value, 0.0, 1.0, (long) QUERIES.size());
    }
  }

  /** Publishes a model's evaluation as a run's. */
  public void evaluation(String run, String name, Commit data, Model model, String... settings) {
    Map<String, String> keys =
        new TreeMap<>(EvaluateStage.meanings(RunConfig.load(null, List.of(settings)).evaluate()));
    keys.put("model", run + name);
    workspace
        .run(run)
        .step("evaluate")
        .table(Tables.QUERY_METRICS, model.values.toArray(Object[][]::new))
        .table(Tables.RUN_METRICS, model.means.toArray(Object[][]::new))
        .publish(name, keys, Map.of("normalize", data.digest()));
  }

  /** Publishes that a run was trained on law. */
  public void training(String run) {
    workspace
        .run(run)
        .step("train")
        .table(Tables.TRAINING_LOG, row(0, 0, "law", 1.0), row(1, 0, "law", 0.5))
        .publish(Map.of("run", run), Map.of());
  }
}
