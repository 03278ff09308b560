package dev.hone.report;

import static dev.hone.report.TableFrame.number;

import dev.hone.report.ReportData.LossPoint;
import dev.hone.report.ReportData.Training;
import java.util.List;

/** Writes what training did: its curves with their numbers, the advice, and what it was set to. */
final class HtmlTraining {
  /** Rows of the table that stands for the curves. */
  static final int ROWS = 20;

  private final Markup page;
  private final TableFrame frame;
  private final HtmlTables tables;

  HtmlTraining(Markup page) {
    this.page = page;
    this.frame = new TableFrame(page);
    this.tables = new HtmlTables(page);
  }

  void write(ReportData data) {
    Training training = data.training();
    List<LossPoint> log = data.lossCurve();
    if (training.happened()) {
      page.element("dl", () -> facts(training));
    }
    curve(
        "Loss",
        "Loss per update (thin) and its moving mean (thick).",
        CurvePlot.smoothed(log, LossPoint::loss));
    if (!data.advice().isEmpty()) {
      page.text("h3", "Advice");
      tables.advice(data.advice());
    }
    curve(
        "Learning rate",
        "Learning rate of each update.",
        CurvePlot.plain(log, LossPoint::learningRate));
    curve(
        "Gradient norm",
        "Global L2 norm of the gradient before clipping.",
        CurvePlot.smoothed(log, LossPoint::gradientNorm));
    if (!log.isEmpty()) {
      folded("The curves as numbers", () -> numbers(log));
    }
    if (!training.resolved().isEmpty()) {
      tables.resolved(training.resolved());
    }
    if (!training.hyperparameters().isEmpty()) {
      folded("Hyperparameters", () -> tables.hyperparameters(training.hyperparameters()));
    }
  }

  private void folded(String title, Runnable content) {
    page.element(
        "details",
        () -> {
          page.text("summary", title);
          content.run();
        });
  }

  private void facts(Training training) {
    fact("Loss", training.loss());
    fact("Rows", Numbers.count(training.rows()) + ", all epochs together");
    fact(
        "Updates",
        Numbers.count(training.steps()) + " in " + Numbers.counted(training.epochs(), "epoch"));
    fact("Time", Numbers.duration(training.seconds()));
  }

  private void fact(String name, String value) {
    page.text("dt", name).text("dd", value);
  }

  private void curve(String title, String caption, CurvePlot plot) {
    if (plot.isEmpty()) {
      return;
    }
    page.text("h3", title);
    page.element(
        "figure",
        () -> {
          page.text("figcaption", caption);
          plot.write(page, plot.description(title));
        });
  }

  private void numbers(List<LossPoint> log) {
    double[] smooth = CurvePlot.movingMean(log.stream().mapToDouble(LossPoint::loss).toArray());
    frame.table(
        "The training log at evenly spread updates; the moving mean is that of the loss.",
        List.of(
            number("Update"),
            number("Loss"),
            number("Moving mean"),
            number("Learning rate"),
            number("Gradient norm")),
        () -> {
          for (int index : spread(log.size())) {
            LossPoint point = log.get(index);
            page.element(
                "tr",
                () -> {
                  page.text("th", String.valueOf(point.step()), "scope", "row", "class", "num");
                  frame.cell(Numbers.significant(point.loss()));
                  frame.cell(Numbers.significant(smooth[index]));
                  frame.cell(Numbers.significant(point.learningRate()));
                  frame.cell(Numbers.significant(point.gradientNorm()));
                });
          }
        });
  }

  /** At most {@value #ROWS} of so many indexes, the first and the last among them. */
  static int[] spread(int size) {
    int rows = Math.min(size, ROWS);
    int[] indexes = new int[rows];
    for (int i = 0; i < rows; i++) {
      indexes[i] = rows == 1 ? 0 : (int) Math.round((double) i * (size - 1) / (rows - 1));
    }
    return indexes;
  }
}
