package dev.hone.report;

import dev.hone.report.ReportData.DatasetFacts;
import dev.hone.report.ReportData.DatasetSummary;
import dev.hone.report.ReportData.MetricValue;
import dev.hone.report.ReportData.Training;
import dev.hone.report.ReportData.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes the model card (README.md) of an exported model: front matter laid out as
 * sentence-transformers lays out its own, then data, training, metrics and how to load it.
 */
public final class ModelCardText {
  private final CardFacts facts;
  private final ReportData data;
  private final MetricGrid grid;
  private final StringBuilder card = new StringBuilder();

  private ModelCardText(CardFacts facts, ReportData data) {
    this.facts = facts;
    this.data = data;
    this.grid = new MetricGrid(data.metrics());
  }

  /** The card of the model that the run trained. */
  public static String render(CardFacts facts, ReportData data) {
    return new ModelCardText(facts, data).write();
  }

  private String write() {
    frontMatter();
    line("");
    line("# " + Markdown.text(facts.modelName()));
    line("");
    line(
        "A [sentence-transformers](https://www.sbert.net) model: "
            + Markdown.text(facts.baseModel())
            + ", fine-tuned by Hone. It maps a text to a vector of "
            + facts.dimension()
            + " dimensions for semantic search and similarity; it reads up to "
            + facts.maxTokens()
            + " tokens and compares by cosine.");
    usage();
    results();
    datasets();
    training();
    licence();
    return card.toString();
  }

  private void frontMatter() {
    line("---");
    yamlList("language", facts.languages());
    List<String> tags =
        new ArrayList<>(
            List.of("sentence-transformers", "sentence-similarity", "feature-extraction", "dense"));
    if (data.training().happened()) {
      tags.add("dataset_size:" + data.training().rows());
      tags.add("loss:" + data.training().loss());
    }
    yamlList("tags", tags);
    line("base_model: " + Yaml.quote(facts.baseModel()));
    yamlList("datasets", trainedOn().stream().map(set -> set.facts().name()).toList());
    line("pipeline_tag: sentence-similarity");
    line("library_name: sentence-transformers");
    if (!facts.license().isEmpty()) {
      line("license: " + Yaml.quote(facts.license()));
    }
    modelIndex();
    line("---");
  }

  private void yamlList(String key, List<String> values) {
    if (values.isEmpty()) {
      return;
    }
    line(key + ":");
    values.forEach(value -> line("- " + Yaml.quote(value)));
  }

  private void modelIndex() {
    List<String> measured =
        grid.datasets().stream()
            .filter(dataset -> grid.models(dataset).contains(ReportData.TUNED))
            .toList();
    if (measured.isEmpty()) {
      return;
    }
    line("model-index:");
    line("- name: " + Yaml.quote(facts.modelName()));
    line("  results:");
    for (String dataset : measured) {
      for (Task task : Task.values()) {
        List<MetricValue> values = tuned(dataset, task);
        if (!values.isEmpty()) {
          result(dataset, task, values);
        }
      }
    }
  }

  private void result(String dataset, Task task, List<MetricValue> values) {
    String name = datasetName(dataset);
    line("  - task:");
    line("      type: " + task.type);
    line("      name: " + task.title);
    line("    dataset:");
    line("      name: " + Yaml.quote(name));
    line("      type: " + Yaml.quote(name));
    line("      split: " + Yaml.quote(data.run().split()));
    line("    metrics:");
    for (MetricValue value : values) {
      String metric = value.measure().cardName();
      line("    - type: " + Yaml.quote(metric));
      line("      value: " + Numbers.plain(value.value()));
      line("      name: " + Yaml.quote("Cosine " + value.measure().label()));
    }
  }

  private List<MetricValue> tuned(String dataset, Task task) {
    List<MetricValue> values = new ArrayList<>();
    for (Measure measure : grid.measures()) {
      MetricValue value = grid.find(ReportData.TUNED, dataset, measure);
      if (value != null
          && measure.isScore()
          && Double.isFinite(value.value())
          && Task.of(measure) == task) {
        values.add(value);
      }
    }
    return values;
  }

  private void usage() {
    heading("How to load");
    line("```python");
    line("from sentence_transformers import SentenceTransformer");
    line("");
    line("model = SentenceTransformer(\"path/to/this/folder\")");
    line("queries = model.encode_query([\"heart attack\"])");
    line(
        "documents = model.encode_document([\"destruction of heart tissue resulting from"
            + " obstruction of the blood supply\"])");
    line("print(model.similarity(queries, documents))");
    line("```");
    if (!facts.queryPrompt().isEmpty() || !facts.documentPrompt().isEmpty()) {
      line("");
      line(
          "`encode_query` and `encode_document` (sentence-transformers 5 and newer) put these"
              + " prompts before a text; older versions take them by `prompt_name`.");
      line("");
      line("| role | prompt |");
      line("|---|---|");
      line("| query | " + Markdown.text(facts.queryPrompt()) + " |");
      line("| document | " + Markdown.text(facts.documentPrompt()) + " |");
    }
  }

  private void results() {
    if (data.metrics().isEmpty()) {
      return;
    }
    heading("Metrics before and after");
    line(
        "On the "
            + Markdown.text(data.run().split())
            + " split, with 95 % bootstrap intervals over queries in brackets. `base` is the model"
            + " before fine-tuning.");
    line("");
    line("| data set | measure | queries | base | tuned | change | bm25 |");
    line("|---|---|--:|--:|--:|--:|--:|");
    for (String dataset : grid.datasets()) {
      for (Measure measure : grid.headline(data.run().primary())) {
        MetricValue tuned = grid.find(ReportData.TUNED, dataset, measure);
        MetricValue base = grid.find(ReportData.BASE, dataset, measure);
        if (tuned == null && base == null) {
          continue;
        }
        line(
            row(
                Markdown.text(datasetName(dataset)),
                measure.label(),
                Numbers.count((tuned == null ? base : tuned).queryCount()),
                interval(base),
                interval(tuned),
                Numbers.relative(grid.relativeChange(dataset, measure)),
                interval(grid.find(ReportData.BM25, dataset, measure))));
      }
    }
  }

  private void datasets() {
    heading("Training data");
    if (trainedOn().isEmpty()) {
      line("Nothing was trained.");
      return;
    }
    line("| data set | type | domain | documents | split | queries | judgements | gain |");
    line("|---|---|---|--:|---|--:|--:|---|");
    for (DatasetSummary set : trainedOn()) {
      DatasetFacts about = set.facts();
      double gain = grid.relativeChange(about.name(), data.run().primary());
      set.splits()
          .forEach(
              (split, counts) ->
                  line(
                      row(
                          Markdown.text(about.name()),
                          Markdown.text(about.type()),
                          Markdown.text(about.domain()),
                          Numbers.count(set.documents()),
                          Markdown.text(split),
                          Numbers.count(counts.queries() + counts.scoredPairs()),
                          Numbers.count(counts.judgements()),
                          split.equals(data.run().split())
                              ? GuideRange.place(about.type(), gain)
                              : "")));
    }
    line("");
    line(
        "*Gain*: the relative change in "
            + data.run().primary().label()
            + " beside what this type of data usually brings.");
    for (DatasetSummary set : trainedOn()) {
      if (!set.facts().derivation().isEmpty()) {
        line("");
        line(
            "Derived in "
                + Markdown.text(set.facts().name())
                + ": "
                + Markdown.text(set.facts().derivation()));
      }
    }
  }

  private void training() {
    Training training = data.training();
    if (!training.happened()) {
      return;
    }
    heading("Training");
    line("- Loss: " + Markdown.text(training.loss()));
    line("- Rows: " + Numbers.count(training.rows()) + " (query, positive), all epochs together");
    line(
        "- Updates: "
            + Numbers.count(training.steps())
            + " in "
            + Numbers.counted(training.epochs(), "epoch"));
    line("- Time: " + Numbers.duration(training.seconds()));
    if (!data.cost().device().isEmpty()) {
      line("- Device: " + Markdown.text(data.cost().device()));
    }
    line("- Run: " + Markdown.text(data.run().runId()));
    if (!training.hyperparameters().isEmpty()) {
      line("");
      line("| hyperparameter | value |");
      line("|---|---|");
      training
          .hyperparameters()
          .forEach((key, value) -> line(row(Markdown.text(key), Markdown.text(value))));
    }
  }

  private void licence() {
    heading("Licence and citation");
    line(
        facts.license().isEmpty()
            ? "The base model's licence is not recorded in its folder: look it up before you"
                + " distribute this model."
            : "The weights derive from "
                + Markdown.text(facts.baseModel())
                + " and stay under its licence, "
                + Markdown.text(facts.license())
                + ". The training data may carry terms of its own.");
    if (!facts.citation().isEmpty()) {
      String fence = Markdown.fence(facts.citation());
      line("");
      line("The base model asks to be cited as:");
      line("");
      line(fence + "bibtex");
      line(facts.citation().strip());
      line(fence);
    }
  }

  private List<DatasetSummary> trainedOn() {
    return data.datasets().stream().filter(set -> set.facts().usage() == Usage.TRAINED).toList();
  }

  private static String datasetName(String dataset) {
    return dataset.equals(ReportData.MACRO_AVERAGE) ? "all (macro)" : dataset;
  }

  private static String interval(MetricValue value) {
    if (value == null) {
      return "\u2013";
    }
    String text = Numbers.decimals(value.value(), 4);
    return Double.isFinite(value.ciLow())
        ? text
            + " ["
            + Numbers.decimals(value.ciLow(), 3)
            + ", "
            + Numbers.decimals(value.ciHigh(), 3)
            + "]"
        : text;
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private void heading(String title) {
    line("");
    line("## " + title);
    line("");
  }

  private void line(String text) {
    card.append(text).append('\n');
  }

  /** The evaluation tasks by which the hub groups metrics. */
  private enum Task {
    RETRIEVAL("information-retrieval", "Information Retrieval"),
    SIMILARITY("semantic-similarity", "Semantic Similarity"),
    TRIPLET("triplet", "Triplet");

    private final String type;
    private final String title;

    Task(String type, String title) {
      this.type = type;
      this.title = title;
    }

    static Task of(Measure measure) {
      return switch (measure.metric().toLowerCase(Locale.ROOT)) {
        case "spearman", "pearson" -> SIMILARITY;
        case "triplet_accuracy" -> TRIPLET;
        default -> RETRIEVAL;
      };
    }
  }
}
