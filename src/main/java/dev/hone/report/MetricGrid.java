package dev.hone.report;

import dev.hone.report.ReportData.MetricValue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Looks metric values up by model, data set and measure, and gives the order to show them in. */
final class MetricGrid {
  /** Baselines first, then other models, the tuned one last. */
  static final Comparator<String> MODEL_ORDER =
      Comparator.comparingInt(MetricGrid::modelPosition).thenComparing(Comparator.naturalOrder());

  private final List<MetricValue> metrics;
  private final Map<Key, MetricValue> byKey = new HashMap<>();

  MetricGrid(List<MetricValue> metrics) {
    this.metrics = metrics;
    for (MetricValue value : metrics) {
      MetricValue other =
          byKey.put(new Key(value.model(), value.dataset(), value.measure()), value);
      if (other != null) {
        throw new IllegalArgumentException(
            "Two values of "
                + value.measure().label()
                + " for model "
                + value.model()
                + " on data set "
                + value.dataset()
                + ": a report shows one per model, data set and measure");
      }
    }
  }

  /** The value, or null where it was not measured. */
  MetricValue find(String model, String dataset, Measure measure) {
    return byKey.get(new Key(model, dataset, measure));
  }

  /** The data sets by name, the mean over them last. */
  List<String> datasets() {
    Comparator<String> macroLast =
        Comparator.comparing(dataset -> dataset.equals(ReportData.MACRO_AVERAGE));
    return metrics.stream()
        .map(MetricValue::dataset)
        .distinct()
        .sorted(macroLast.thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /** The data sets that have a value of any of some measures, the mean over them last. */
  List<String> datasets(List<Measure> measures) {
    return datasets().stream().filter(dataset -> !models(dataset, measures).isEmpty()).toList();
  }

  /** The models measured on a data set. */
  List<String> models(String dataset) {
    return models(dataset, measures());
  }

  /** The models that have a value of any of some measures on a data set. */
  List<String> models(String dataset, List<Measure> measures) {
    return metrics.stream()
        .filter(value -> value.dataset().equals(dataset) && measures.contains(value.measure()))
        .map(MetricValue::model)
        .distinct()
        .sorted(MODEL_ORDER)
        .toList();
  }

  /** The distinct measures, ordered. */
  List<Measure> measures() {
    return metrics.stream().map(MetricValue::measure).distinct().sorted().toList();
  }

  /** The primary measure, the headline measures and those of compared pairs, where measured. */
  List<Measure> headline(Measure primary) {
    Stream<Measure> ofPairs = measures().stream().filter(Measure::isOfPairs);
    return Stream.of(Stream.of(primary), Measure.HEADLINE.stream(), ofPairs)
        .flatMap(chosen -> chosen)
        .distinct()
        .filter(measures()::contains)
        .toList();
  }

  /** The tuned value minus the base value; NaN where either is missing. */
  double change(String dataset, Measure measure) {
    MetricValue base = find(ReportData.BASE, dataset, measure);
    MetricValue tuned = find(ReportData.TUNED, dataset, measure);
    return base == null || tuned == null ? Double.NaN : tuned.value() - base.value();
  }

  /** The change as a share of the base value; not finite where either is missing or base is 0. */
  double relativeChange(String dataset, Measure measure) {
    MetricValue base = find(ReportData.BASE, dataset, measure);
    return base == null ? Double.NaN : change(dataset, measure) / base.value();
  }

  private static int modelPosition(String model) {
    return switch (model) {
      case ReportData.BASE -> 0;
      case ReportData.BM25 -> 1;
      case ReportData.TUNED -> 3;
      default -> 2;
    };
  }

  private record Key(String model, String dataset, Measure measure) {}
}
