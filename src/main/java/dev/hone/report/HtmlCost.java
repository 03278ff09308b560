package dev.hone.report;

import static dev.hone.report.TableFrame.number;
import static dev.hone.report.TableFrame.text;

import dev.hone.report.ReportData.Cost;
import dev.hone.report.ReportData.StepTime;
import dev.hone.report.ReportData.Training;
import java.util.List;

/** Writes what a run used: time by step, time by epoch, and the price where one is known. */
final class HtmlCost {
  private final Markup page;
  private final TableFrame frame;

  HtmlCost(Markup page) {
    this.page = page;
    this.frame = new TableFrame(page);
  }

  static boolean isEmpty(ReportData data) {
    return !data.training().happened() && data.cost().steps().isEmpty();
  }

  void write(Training training, Cost cost) {
    if (training.happened()) {
      page.element("dl", () -> facts(training, cost));
    }
    if (!cost.steps().isEmpty()) {
      steps(cost);
    }
  }

  private void facts(Training training, Cost cost) {
    fact("Updates", Numbers.duration(training.seconds()) + " in all");
    if (training.epochs() > 0) {
      fact("Epoch", Numbers.duration(training.seconds() / training.epochs()) + " each");
    }
    if (!cost.device().isEmpty()) {
      fact("Device", cost.device());
    }
    if (cost.pricePerHour() > 0) {
      fact(
          "Estimated cost",
          Numbers.decimals(cost.estimate(), 2)
              + " for "
              + Numbers.decimals(cost.deviceHours(), 2)
              + " device hours of training at "
              + Numbers.decimals(cost.pricePerHour(), 2)
              + " each");
    }
  }

  private void fact(String name, String value) {
    page.text("dt", name).text("dd", value);
  }

  private void steps(Cost cost) {
    double all = cost.steps().stream().mapToDouble(StepTime::seconds).sum();
    frame.table(
        "How long each step took, by the try that published it. A step that another run had"
            + " published counts with the time it took there.",
        List.of(text("Step"), text("Part"), number("Time"), number("Share")),
        () -> {
          cost.steps().forEach(step -> row(step.step(), part(step), step.seconds(), all));
          row("Together", "", all, all);
        });
  }

  private static String part(StepTime step) {
    return step.part().equals("all") ? "" : step.part();
  }

  private void row(String step, String part, double seconds, double all) {
    page.element(
        "tr",
        () -> {
          page.text("th", step, "scope", "row");
          page.text("td", part);
          frame.cell(Numbers.duration(seconds));
          frame.cell(Numbers.percentage(seconds / all));
        });
  }
}
