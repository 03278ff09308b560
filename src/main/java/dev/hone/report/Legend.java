package dev.hone.report;

import java.util.List;

/** Says above a plot which mark stands for which model. */
final class Legend {
  private Legend() {}

  /** A list with an item per model: told apart by form too, not by colour alone. */
  static void write(Markup page, List<String> models) {
    page.element(
        "ul",
        () -> models.forEach(model -> page.text("li", model, "class", kind(model))),
        "class",
        "legend");
  }

  /** One of four kinds of marks, whatever the model's name. */
  private static String kind(String model) {
    return switch (model) {
      case ReportData.BASE, ReportData.BM25, ReportData.TUNED -> model;
      default -> "other";
    };
  }
}
