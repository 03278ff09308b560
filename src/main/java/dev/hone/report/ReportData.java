package dev.hone.report;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a report, a summary table or a model card shows, as plain values.
 *
 * @param run what was run
 * @param datasets the data sets, in the order to be shown
 * @param training what training did; {@link Training#NONE} where nothing was trained
 * @param metrics one value per model, data set and measure
 * @param dimensions the primary measure at every dimension and precision that a model was measured
 *     at
 * @param lossCurve points of the training log by ascending step; empty where nothing was trained
 * @param advice what is worth changing about the training; empty where nothing is
 * @param mining what mining found, dropped and kept; {@link MiningData#NONE} without mining
 * @param changes how many queries got better and worse, with examples of both
 * @param audit what the checks of the data found
 * @param truncation how many texts the maximum length cut, by model, data set and role
 * @param probes how near each model takes pairs of texts to be; empty where there are none
 * @param cost what the run used
 */
public record ReportData(
    Run run,
    List<DatasetSummary> datasets,
    Training training,
    List<MetricValue> metrics,
    List<DimensionValue> dimensions,
    List<LossPoint> lossCurve,
    List<Advice> advice,
    MiningData mining,
    Changes changes,
    List<AuditFinding> audit,
    List<TruncatedTexts> truncation,
    List<Probe> probes,
    Cost cost) {

  /** The name that the metric tables give the mean over data sets. */
  public static final String MACRO_AVERAGE = "*";

  /** The untouched model. */
  public static final String BASE = "base";

  /** The lexical baseline. */
  public static final String BM25 = "bm25";

  /** The model that the run trained. */
  public static final String TUNED = "tuned";

  /** Copies the lists. */
  public ReportData {
    datasets = List.copyOf(datasets);
    metrics = List.copyOf(metrics);
    dimensions = List.copyOf(dimensions);
    lossCurve = List.copyOf(lossCurve);
    advice = List.copyOf(advice);
    audit = List.copyOf(audit);
    truncation = List.copyOf(truncation);
    probes = List.copyOf(probes);
  }

  /**
   * How near a model takes two texts to be.
   *
   * @param model which model
   * @param textA encoded as a query
   * @param textB encoded as a document
   * @param cosine of their vectors, in [-1, 1]
   * @param rank of the second among all documents for the first, from 1
   * @param documents that it is ranked among
   */
  public record Probe(
      String model, String textA, String textB, double cosine, long rank, long documents) {}

  /**
   * Names a run.
   *
   * @param runId its id
   * @param baseModel the model it started from, as people know it
   * @param split the split that was evaluated
   * @param primary the measure that the use case is judged by
   * @param configuration the effective configuration as HOCON text, without secrets
   */
  public record Run(
      String runId, String baseModel, String split, Measure primary, String configuration) {}

  /**
   * Describes a data set; the counts come from the tables.
   *
   * @param name its name
   * @param type pairs, triplets, scored, nli, ranking or hard-negatives
   * @param domain its domain; empty where none is given
   * @param usage whether training saw it
   * @param derivation which parts were derived and how, in words; empty where the source brought
   *     everything
   */
  public record DatasetFacts(
      String name, String type, String domain, Usage usage, String derivation) {}

  /** Whether training saw a data set. */
  public enum Usage {
    /** Its train split was trained on. */
    TRAINED,
    /** It was evaluated and nothing else. */
    EVALUATED_ONLY
  }

  /**
   * A data set with its size.
   *
   * @param facts what it is
   * @param documents documents (or chunks) in its corpus
   * @param splits counts per split, by name of the split
   */
  public record DatasetSummary(
      DatasetFacts facts, long documents, SortedMap<String, SplitCounts> splits) {
    /** Copies the map. */
    public DatasetSummary {
      splits = new TreeMap<>(splits);
    }
  }

  /**
   * The size of one split.
   *
   * @param queries queries of the split
   * @param judgements judgements of those queries
   * @param scoredPairs pairs with a similarity score
   */
  public record SplitCounts(long queries, long judgements, long scoredPairs) {}

  /**
   * What training did.
   *
   * @param loss the loss used, by its name; empty where nothing was trained
   * @param rows rows (query, positive) seen, over all epochs
   * @param steps optimizer updates
   * @param epochs passes over the data
   * @param seconds wall-clock time
   * @param hyperparameters the effective values by key, as text
   * @param resolved what {@code auto} resolved to, and why
   */
  public record Training(
      String loss,
      long rows,
      int steps,
      int epochs,
      double seconds,
      SortedMap<String, String> hyperparameters,
      List<Resolved> resolved) {

    /** Nothing was trained. */
    public static final Training NONE = new Training("", 0, 0, 0, 0, new TreeMap<>(), List.of());

    /** Copies the collections. */
    public Training {
      hyperparameters = new TreeMap<>(hyperparameters);
      resolved = List.copyOf(resolved);
    }

    /** Whether anything was trained. */
    public boolean happened() {
      return steps > 0;
    }
  }

  /**
   * One {@code auto} value.
   *
   * @param key the configuration key
   * @param value what was chosen
   * @param reason why
   */
  public record Resolved(String key, String value, String reason) {}

  /**
   * One model's value of one measure on one data set.
   *
   * @param model base, bm25, tuned, ...
   * @param dataset the data set; {@link #MACRO_AVERAGE} for the mean over them
   * @param measure what was measured
   * @param value the mean over the queries; higher is better
   * @param ciLow lower end of the 95 % interval; NaN where there is none
   * @param ciHigh upper end; NaN where there is none
   * @param queryCount queries averaged over
   */
  public record MetricValue(
      String model,
      String dataset,
      Measure measure,
      double value,
      double ciLow,
      double ciHigh,
      long queryCount) {}

  /**
   * The primary measure of one model on one data set with vectors of one size.
   *
   * @param model base, tuned, ...
   * @param dataset the data set; {@link #MACRO_AVERAGE} for the mean over them
   * @param dim how many values of each vector are used, at least 1
   * @param precision what each of them is kept as: fp32, int8, binary, ...
   * @param value the mean over the queries; higher is better
   * @param ciLow lower end of the 95 % interval; NaN where there is none
   * @param ciHigh upper end; NaN where there is none
   */
  public record DimensionValue(
      String model,
      String dataset,
      int dim,
      String precision,
      double value,
      double ciLow,
      double ciHigh) {}

  /**
   * A point of the training log, or the mean of neighbouring steps in a long log.
   *
   * @param step optimizer update, from 0
   * @param loss mean over the rows of the batch
   * @param learningRate of this update
   * @param gradientNorm global L2 norm before clipping
   */
  public record LossPoint(int step, double loss, double learningRate, double gradientNorm) {}

  /**
   * What is worth changing about the training.
   *
   * @param from first step looked at
   * @param to last step looked at
   * @param kind what was seen
   * @param dataset the data set that it was seen on; {@link #MACRO_AVERAGE} for all of them
   * @param evidence what was seen, with its numbers
   * @param suggestion what to change
   */
  public record Advice(
      int from, int to, String kind, String dataset, String evidence, String suggestion) {}

  /**
   * How the queries moved between the base and the tuned model, by NDCG@10.
   *
   * @param better queries whose value rose
   * @param worse queries whose value fell
   * @param unchanged queries whose value stayed
   * @param mostImproved examples, the largest gain first
   * @param mostWorsened examples, the largest loss first
   */
  public record Changes(
      long better,
      long worse,
      long unchanged,
      List<QueryExample> mostImproved,
      List<QueryExample> mostWorsened) {

    /** No two models to compare. */
    public static final Changes NONE = new Changes(0, 0, 0, List.of(), List.of());

    /** Copies the lists. */
    public Changes {
      mostImproved = List.copyOf(mostImproved);
      mostWorsened = List.copyOf(mostWorsened);
    }
  }

  /**
   * One query, before and after.
   *
   * @param dataset its data set
   * @param queryId its id
   * @param query its text
   * @param relevant the text of its most relevant document
   * @param before NDCG@10 of the base model
   * @param after NDCG@10 of the tuned model
   * @param baseTop the base model's first documents, by rank
   * @param tunedTop the tuned model's first documents, by rank
   */
  public record QueryExample(
      String dataset,
      String queryId,
      String query,
      String relevant,
      double before,
      double after,
      List<RankedText> baseTop,
      List<RankedText> tunedTop) {

    /** Copies the lists. */
    public QueryExample {
      baseTop = List.copyOf(baseTop);
      tunedTop = List.copyOf(tunedTop);
    }
  }

  /**
   * A document in a ranking.
   *
   * @param rank position, from 1
   * @param text the beginning of its text
   * @param grade its judged relevance; 0 where it is judged not relevant or not judged
   */
  public record RankedText(int rank, String text, int grade) {}

  /**
   * What one check of the data found.
   *
   * @param dataset the data set
   * @param split the split looked at
   * @param check the check's name
   * @param severity info, warning or error
   * @param count how many were found
   * @param share the count as a share of what was looked at; NaN where there is none
   * @param examples a few of them; empty where there are none
   */
  public record AuditFinding(
      String dataset,
      String split,
      String check,
      String severity,
      long count,
      double share,
      String examples) {}

  /**
   * How many texts of one data set a model does not see to their end.
   *
   * @param model base, tuned
   * @param dataset the data set
   * @param role query or document
   * @param texts distinct texts that were encoded
   * @param truncated those of them that the maximum length cut
   */
  public record TruncatedTexts(
      String model, String dataset, String role, long texts, long truncated) {}

  /**
   * What a run used.
   *
   * @param device the processor or GPU that trained, in words; empty where unknown
   * @param deviceHours hours of it that training took, over all ranks
   * @param pricePerHour price of one hour; 0 where none is configured
   * @param steps how long each step of the run took, in their order
   */
  public record Cost(String device, double deviceHours, double pricePerHour, List<StepTime> steps) {
    /** Checks that neither number is negative, and copies the list. */
    public Cost {
      if (!(deviceHours >= 0) || !(pricePerHour >= 0)) {
        throw new IllegalArgumentException(
            "Cost of " + deviceHours + " h at " + pricePerHour + ": both must be at least 0");
      }
      steps = List.copyOf(steps);
    }

    /** Where nothing is known of the steps. */
    public Cost(String device, double deviceHours, double pricePerHour) {
      this(device, deviceHours, pricePerHour, List.of());
    }

    /** The same with the steps' times. */
    Cost with(List<StepTime> times) {
      return new Cost(device, deviceHours, pricePerHour, times);
    }

    /** The price of the training. */
    public double estimate() {
      return deviceHours * pricePerHour;
    }
  }

  /**
   * How long one step took.
   *
   * @param step its name
   * @param part which commit of the step: a mining round, a model, or {@code all}
   * @param seconds of wall-clock time, without the steps that ran inside it
   */
  public record StepTime(String step, String part, double seconds) {}
}
