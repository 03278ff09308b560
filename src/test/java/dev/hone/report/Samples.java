package dev.hone.report;

import dev.hone.report.ReportData.Advice;
import dev.hone.report.ReportData.AuditFinding;
import dev.hone.report.ReportData.Changes;
import dev.hone.report.ReportData.Cost;
import dev.hone.report.ReportData.DatasetFacts;
import dev.hone.report.ReportData.DatasetSummary;
import dev.hone.report.ReportData.DimensionValue;
import dev.hone.report.ReportData.LossPoint;
import dev.hone.report.ReportData.MetricValue;
import dev.hone.report.ReportData.QueryExample;
import dev.hone.report.ReportData.RankedText;
import dev.hone.report.ReportData.Resolved;
import dev.hone.report.ReportData.Run;
import dev.hone.report.ReportData.SplitCounts;
import dev.hone.report.ReportData.StepTime;
import dev.hone.report.ReportData.Training;
import dev.hone.report.ReportData.TruncatedTexts;
import dev.hone.report.ReportData.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values of the size that a small run over four WordNet domains has. */
final class Samples {
  static final String CONFIGURATION =
      "hone {\n  model = \"builtin:all-MiniLM-L6-v2\"\n  seed = 42\n  train { epochs = 1 }\n}\n";

  private static final List<String> DOMAINS =
      List.of("biomedical", "finance", "healthcare", "legal");
  private static final List<String> MODELS = List.of("base", "bm25", "tuned");

  /** NDCG@10, MRR@10, MAP@10, Recall@100 per domain and model. */
  private static final double[][][] VALUES = {
    {{.4127, .3811, .3702, .7214}, {.2931, .2740, .2655, .5120}, {.4789, .4430, .4318, .8015}},
    {{.5310, .4962, .4871, .8430}, {.3894, .3611, .3520, .6215}, {.5742, .5377, .5290, .8817}},
    {{.4486, .4119, .4010, .7722}, {.3127, .2903, .2811, .5544}, {.5203, .4816, .4702, .8390}},
    {{.5018, .4683, .4592, .8106}, {.3562, .3307, .3218, .5872}, {.4987, .4655, .4570, .8344}},
  };

  private Samples() {}

  static List<MetricValue> metrics() {
    List<MetricValue> metrics = new ArrayList<>();
    double[][] sums = new double[MODELS.size()][Measure.HEADLINE.size()];
    for (int domain = 0; domain < DOMAINS.size(); domain++) {
      for (int model = 0; model < MODELS.size(); model++) {
        for (int m = 0; m < Measure.HEADLINE.size(); m++) {
          double value = VALUES[domain][model][m];
          sums[model][m] += value / DOMAINS.size();
          metrics.add(value(MODELS.get(model), DOMAINS.get(domain), m, value, .024));
        }
        metrics.add(
            new MetricValue(
                MODELS.get(model),
                DOMAINS.get(domain),
                new Measure("precision", 10),
                .0812,
                .0760,
                .0871,
                371));
      }
    }
    for (int model = 0; model < MODELS.size(); model++) {
      for (int m = 0; m < Measure.HEADLINE.size(); m++) {
        metrics.add(value(MODELS.get(model), "*", m, sums[model][m], .012));
      }
    }
    return metrics;
  }

  /** NDCG@10 of base and tuned model, cut to 128 and 64 of 384 dimensions, and in int8. */
  static List<DimensionValue> dimensions() {
    List<DimensionValue> values = new ArrayList<>();
    for (String dataset : List.of("*", "legal")) {
      values.addAll(
          List.of(
              dimension("base", dataset, 384, "fp32", .48),
              dimension("base", dataset, 128, "fp32", .42),
              dimension("base", dataset, 64, "fp32", .336),
              dimension("tuned", dataset, 384, "fp32", .52),
              dimension("tuned", dataset, 384, "int8", .5148),
              dimension("tuned", dataset, 128, "fp32", .507),
              dimension("tuned", dataset, 64, "fp32", .468)));
    }
    return values;
  }

  private static DimensionValue dimension(
      String model, String dataset, int dim, String precision, double value) {
    return new DimensionValue(model, dataset, dim, precision, value, value - .01, value + .01);
  }

  private static MetricValue value(
      String model, String dataset, int measure, double value, double half) {
    return new MetricValue(
        model,
        dataset,
        Measure.HEADLINE.get(measure),
        value,
        value - half,
        value + half,
        dataset.equals("*") ? 1_214 : 371);
  }

  static ReportData trained() {
    return new ReportData(
        run(),
        DOMAINS.stream().map(Samples::dataset).toList(),
        training(),
        metrics(),
        dimensions(),
        curve(),
        List.of(
            new Advice(
                0,
                92,
                "dropped-tail",
                "legal",
                "60 of 400 rows (15 %) fill no update",
                "Set train.batch-size lower.")),
        MinedSamples.mined(),
        changes(),
        List.of(
            new AuditFinding("healthcare", "all", "leakage", "info", 0, 0, ""),
            new AuditFinding(
                "legal", "train", "label-conflict", "warning", 3, .0021, "brief; tort")),
        List.of(
            new TruncatedTexts("base", "legal", "document", 2_000, 150),
            new TruncatedTexts("tuned", "legal", "document", 2_000, 150)),
        List.of(
            new ReportData.Probe("base", "estoppel", "bar to a claim", 0.4127, 1_312, 20_000),
            new ReportData.Probe("tuned", "estoppel", "bar to a claim", 0.8127, 3, 20_000),
            new ReportData.Probe("tuned", "tolling", "pause of a deadline", -0.05, 40, 20_000)),
        new Cost(
            "2 CPU cores",
            .041,
            0,
            List.of(
                new StepTime("normalize", "all", 20),
                new StepTime("vectors", "base", 31.5),
                new StepTime("train", "all", 148.5))));
  }

  static Run run() {
    return new Run("5f1c2a90e7", "all-MiniLM-L6-v2", "test", Measure.NDCG_10, CONFIGURATION);
  }

  static ReportData untrained() {
    List<MetricValue> baselines =
        metrics().stream().filter(value -> !value.model().equals("tuned")).toList();
    return new ReportData(
        run(),
        DOMAINS.stream().map(Samples::dataset).toList(),
        Training.NONE,
        baselines,
        List.of(),
        List.of(),
        List.of(),
        MiningData.NONE,
        Changes.NONE,
        List.of(),
        List.of(),
        List.of(),
        new Cost("", 0, 0));
  }

  /** Every text that comes from data or configuration is the one given. */
  static ReportData everywhere(String text) {
    RankedText hit = new RankedText(1, text, 1);
    QueryExample example =
        new QueryExample(text, text, text, text, .1, .9, List.of(hit), List.of(hit));
    DatasetFacts facts = new DatasetFacts(text, text, text, Usage.TRAINED, text);
    return new ReportData(
        new Run(text, text, text, Measure.NDCG_10, text),
        List.of(
            new DatasetSummary(facts, 1, new TreeMap<>(Map.of(text, new SplitCounts(1, 1, 0))))),
        new Training(
            text,
            10,
            5,
            1,
            2,
            new TreeMap<>(Map.of(text, text)),
            List.of(new Resolved(text, text, text))),
        List.of(
            new MetricValue("base", text, Measure.NDCG_10, .1, .05, .15, 4),
            new MetricValue("tuned", text, Measure.NDCG_10, .2, .15, .25, 4),
            new MetricValue(text, text, new Measure(text, 3), .2, .15, .25, 4)),
        List.of(
            new DimensionValue(text, text, 64, text, .2, .15, .25),
            new DimensionValue(text, text, 32, text, .1, .05, .15)),
        curve(),
        List.of(new Advice(0, 4, text, text, text, text)),
        MinedSamples.everywhere(text),
        new Changes(1, 1, 1, List.of(example), List.of(example)),
        List.of(new AuditFinding(text, text, text, text, 1, .5, text)),
        List.of(new TruncatedTexts(text, text, text, 2, 1)),
        List.of(new ReportData.Probe(text, text, text, 0.5, 2, 10)),
        new Cost(text, 1, 1, List.of(new StepTime(text, text, 2))));
  }

  /** As {@link #trained}, but one data set was not trained on. */
  static ReportData trainedOnAllBut(String domain) {
    ReportData all = trained();
    return new ReportData(
        all.run(),
        DOMAINS.stream()
            .map(name -> dataset(name, name.equals(domain) ? Usage.EVALUATED_ONLY : Usage.TRAINED))
            .toList(),
        all.training(),
        all.metrics(),
        all.dimensions(),
        all.lossCurve(),
        all.advice(),
        all.mining(),
        all.changes(),
        all.audit(),
        all.truncation(),
        List.of(),
        all.cost());
  }

  private static DatasetSummary dataset(String domain) {
    return dataset(domain, Usage.TRAINED);
  }

  private static DatasetSummary dataset(String domain, Usage usage) {
    DatasetFacts facts =
        new DatasetFacts(
            domain,
            "pairs",
            domain,
            usage,
            domain.equals("healthcare")
                ? "queries are WordNet lemmas, documents their glosses; the split is by synset"
                : "");
    return new DatasetSummary(
        facts,
        2_742,
        new TreeMap<>(
            Map.of(
                "train", new SplitCounts(2_968, 3_120, 0),
                "validation", new SplitCounts(364, 380, 0),
                "test", new SplitCounts(371, 391, 0))));
  }

  private static Training training() {
    return new Training(
        "mnrl",
        7_904,
        123,
        1,
        148.2,
        new TreeMap<>(Map.of("batch-size", "64", "learning-rate", "2e-05", "warmup-ratio", "0.1")),
        List.of(
            new Resolved(
                "train.batch-size", "64", "the largest of 32, 64, 128 that leaves 100 updates"),
            new Resolved("train.loss", "mnrl", "pairs and hard negatives")));
  }

  private static List<LossPoint> curve() {
    List<LossPoint> curve = new ArrayList<>();
    for (int step = 0; step < 123; step++) {
      double rate = step < 13 ? 2e-5 * step / 13 : 2e-5 * (123 - step) / 110;
      double noise = .18 * Math.sin(step * 12.9898) * Math.cos(step * 78.233);
      curve.add(
          new LossPoint(step, 1.1 + .9 * Math.exp(-step / 30.0) + noise, rate, 6 + 2 * noise));
    }
    return curve;
  }

  private static Changes changes() {
    QueryExample better =
        new QueryExample(
            "healthcare",
            "lemma:heart attack",
            "heart attack",
            "a sudden severe instance of abnormal heart function",
            0,
            1,
            List.of(
                new RankedText(1, "the rhythmic contraction and expansion of the arteries", 0),
                new RankedText(2, "a disease of the heart muscle or myocardium", 0),
                new RankedText(3, "sudden cessation of heartbeat and cardiac function", 0)),
            List.of(
                new RankedText(1, "a sudden severe instance of abnormal heart function", 1),
                new RankedText(2, "destruction of heart tissue resulting from obstruction", 0),
                new RankedText(3, "a disease of the heart muscle or myocardium", 0)));
    QueryExample worse =
        new QueryExample(
            "legal",
            "lemma:brief",
            "brief",
            "a document stating the facts and points of law of a client's case",
            1,
            .431,
            List.of(
                new RankedText(
                    1, "a document stating the facts and points of law of a client's case", 1)),
            List.of(new RankedText(1, "a written account of what transpired at a meeting", 0)));
    return new Changes(412, 203, 599, List.of(better), List.of(worse));
  }
}
