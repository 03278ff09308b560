package dev.hone.report;

import java.util.List;

/** Names in and above plots: which mark stands for which model, and names short enough to fit. */
final class Legend {
  private static final int LENGTH = 36;

  private Legend() {}

  /** The items of a list, one per model. */
  static void write(Markup page, List<String> models) {
    for (String model : models) {
      page.element(
          "li",
          () -> {
            page.element(
                "svg", () -> IntervalPlot.mark(page, model, "11", 6), "aria-hidden", "true");
            page.characters(model);
          });
    }
  }

  /** A name as a plot holds it on a phone; tables have all of it. */
  static String cut(String name) {
    return name.codePointCount(0, name.length()) <= LENGTH
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LENGTH)) + "\u2026";
  }
}
