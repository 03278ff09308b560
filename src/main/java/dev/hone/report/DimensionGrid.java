package dev.hone.report;

import dev.hone.report.ReportData.DimensionValue;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Looks up what models reach with shorter and coarser vectors, and sets it beside their whole. */
final class DimensionGrid {
  /** The precision that others are compared with. */
  private static final String FULL = "fp32";

  private static final Map<String, Integer> BITS =
      Map.of("fp32", 32, "fp16", 16, "bf16", 16, "int8", 8, "uint8", 8, "binary", 1, "ubinary", 1);

  private static final Comparator<DimensionValue> LARGEST_FIRST =
      Comparator.comparing((DimensionValue value) -> !value.precision().equals(FULL))
          .thenComparing(DimensionValue::precision)
          .thenComparing(DimensionValue::dim, Comparator.reverseOrder());

  private final List<DimensionValue> values;

  DimensionGrid(List<DimensionValue> values) {
    this.values = List.copyOf(values);
  }

  /** Whether no model was measured with more than one kind of vectors. */
  boolean isEmpty() {
    return values.stream().allMatch(value -> rows(value.dataset(), value.model()).size() < 2);
  }

  /** The data sets by name, the mean over them first. */
  List<String> datasets() {
    Comparator<String> macroFirst =
        Comparator.comparing(dataset -> !dataset.equals(ReportData.MACRO_AVERAGE));
    return values.stream()
        .map(DimensionValue::dataset)
        .distinct()
        .sorted(macroFirst.thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /** The models of a data set, base first and tuned last. */
  List<String> models(String dataset) {
    return values.stream()
        .filter(value -> value.dataset().equals(dataset))
        .map(DimensionValue::model)
        .distinct()
        .sorted(MetricGrid.MODEL_ORDER)
        .toList();
  }

  /** A model's values on a data set: fp32 first, then by precision, the largest dimension first. */
  List<DimensionValue> rows(String dataset, String model) {
    return values.stream()
        .filter(value -> value.dataset().equals(dataset) && value.model().equals(model))
        .sorted(LARGEST_FIRST)
        .toList();
  }

  /** What a curve over dimensions is drawn from: a model's rows of its first precision. */
  List<DimensionValue> curve(String dataset, String model) {
    List<DimensionValue> rows = rows(dataset, model);
    return rows.stream()
        .filter(value -> value.precision().equals(rows.get(0).precision()))
        .toList();
  }

  /** A value as a share of what a model's whole vectors reach; NaN where they are not measured. */
  double share(DimensionValue value, String model) {
    List<DimensionValue> rows = rows(value.dataset(), model);
    return rows.isEmpty() ? Double.NaN : value.value() / rows.get(0).value();
  }

  /** How many times fewer bits a vector takes than the model's whole one; NaN where not known. */
  double smaller(DimensionValue value) {
    DimensionValue whole = rows(value.dataset(), value.model()).get(0);
    return bits(whole) / bits(value);
  }

  private static double bits(DimensionValue value) {
    Integer bits = BITS.get(value.precision());
    return bits == null ? Double.NaN : (double) bits * value.dim();
  }
}
