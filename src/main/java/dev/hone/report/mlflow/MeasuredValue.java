package dev.hone.report.mlflow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A row of the table of metrics, and what MLflow calls it.
 *
 * @param model base, tuned, bm25, ...
 * @param dataset a data set; {@code *} is the mean over data sets
 * @param metric ndcg, mrr, ...
 * @param k cut-off; 0 where the metric has none
 * @param dim dimensions used; 0 where the model has none
 * @param precision of the vectors; empty where the model has none
 * @param value any double
 */
public record MeasuredValue(
    String model, String dataset, String metric, int k, int dim, String precision, double value) {
  private static final String MACRO_AVERAGE = "*";
  private static final String FULL_PRECISION = "fp32";

  /**
   * The values under the names that MLflow knows them by: {@code model/dataset/metric_at_k}, the
   * mean over data sets {@code model/metric_at_k}. A model's fewer dimensions and other precisions
   * than fp32 are named behind that, such as {@code _dim_64_int8}.
   */
  public static List<LoggedMetric> named(List<MeasuredValue> values) {
    Map<String, Integer> full =
        values.stream()
            .collect(Collectors.toMap(MeasuredValue::model, MeasuredValue::dim, Math::max));
    return values.stream()
        .map(one -> new LoggedMetric(one.name(full.get(one.model())), one.value(), 0))
        .sorted(Comparator.comparing(LoggedMetric::name))
        .toList();
  }

  private String name(int fullDimension) {
    String measure = k == 0 ? metric : metric + "_at_" + k;
    String fewer = dim == fullDimension ? "" : "_dim_" + dim;
    String coarser = precision.isEmpty() || precision.equals(FULL_PRECISION) ? "" : "_" + precision;
    List<String> parts = new ArrayList<>(List.of(model));
    if (!dataset.equals(MACRO_AVERAGE)) {
      parts.add(dataset);
    }
    parts.add(measure + fewer + coarser);
    return MlflowNames.path(parts);
  }
}
