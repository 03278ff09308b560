package dev.hone.report;

import dev.hone.report.ReportData.Changes;
import dev.hone.report.ReportData.QueryExample;
import dev.hone.report.ReportData.RankedText;
import java.util.List;

/** Writes the queries that got better and worse, each with what both models found first. */
final class HtmlExamples {
  private final Markup page;

  HtmlExamples(Markup page) {
    this.page = page;
  }

  /** By the measure that rankings are judged by. */
  void write(Changes changes, Measure primary) {
    page.text(
        "p",
        "By "
            + primary.label()
            + ", "
            + Numbers.count(changes.better())
            + " queries got better, "
            + Numbers.count(changes.worse())
            + " got worse and "
            + Numbers.count(changes.unchanged())
            + " stayed the same. The ones that moved most, base against tuned:");
    group("Better", changes.mostImproved());
    group("Worse", changes.mostWorsened());
  }

  private void group(String title, List<QueryExample> examples) {
    if (examples.isEmpty()) {
      return;
    }
    page.text("h3", title);
    examples.forEach(this::example);
  }

  private void example(QueryExample example) {
    page.element(
        "details",
        () -> {
          page.element(
              "summary",
              () -> {
                page.text("bdi", example.query());
                page.characters(" \u00b7 " + example.dataset() + " \u00b7 ");
                page.text(
                    "span",
                    Numbers.decimals(example.before(), 3)
                        + " \u2192 "
                        + Numbers.decimals(example.after(), 3),
                    "class",
                    example.after() >= example.before() ? "good" : "bad");
              });
          if (!example.relevant().isEmpty()) {
            page.text("p", "Relevant document", "class", "note");
            page.text("blockquote", example.relevant(), "dir", "auto");
          }
          page.element(
              "div",
              () -> {
                ranking("Base found", example.baseTop());
                ranking("Tuned found", example.tunedTop());
              },
              "class",
              "rankings");
        });
  }

  private void ranking(String title, List<RankedText> ranked) {
    page.element(
        "div",
        () -> {
          page.text("p", title, "class", "note");
          if (ranked.isEmpty()) {
            page.text("p", "Nothing.");
          } else {
            page.element("ol", () -> ranked.forEach(this::hit));
          }
        });
  }

  private void hit(RankedText hit) {
    page.element(
        "li",
        () -> {
          page.text("bdi", hit.text());
          if (hit.grade() > 0) {
            page.characters(" ").text("span", "relevant", "class", "tag");
          }
        },
        "value",
        String.valueOf(hit.rank()));
  }
}
