package dev.hone.evaluate;

import dev.hone.evaluate.ModelScores.QueryValues;
import dev.hone.metric.Significance;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The runs of one side of a comparison, seen as one. */
final class ComparedSide {
  private final List<ModelScores> runs;

  /** A side of at least one run. */
  ComparedSide(List<ModelScores> runs) {
    this.runs = List.copyOf(runs);
  }

  /** What all runs were measured by on a data set. */
  SortedSet<MetricAt> metrics(String dataset) {
    SortedSet<MetricAt> metrics = new TreeSet<>(runs.get(0).means(dataset).keySet());
    runs.forEach(run -> metrics.retainAll(run.means(dataset).keySet()));
    return metrics;
  }

  /** Mean over the runs. */
  double mean(String dataset, MetricAt metric) {
    return runs.stream().mapToDouble(run -> run.means(dataset).get(metric)).average().orElseThrow();
  }

  /** Queries or pairs that a run's mean is over. */
  long count(String dataset, MetricAt metric) {
    return runs.get(0).count(dataset, metric);
  }

  /** Mean per query over the runs; null where not all runs have values of the same queries. */
  QueryValues queries(String dataset, MetricAt metric) {
    List<double[]> values = new ArrayList<>();
    List<String> ids = null;
    for (ModelScores run : runs) {
      QueryValues own = run.byQuery(dataset).get(metric);
      if (own == null || (ids != null && !own.ids().equals(ids))) {
        return null;
      }
      ids = own.ids();
      values.add(own.values());
    }
    return new QueryValues(ids, Significance.meanPerQuery(values));
  }
}
