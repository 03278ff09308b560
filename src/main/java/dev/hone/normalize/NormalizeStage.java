package dev.hone.normalize;

import dev.hone.config.DatasetConfig;
import dev.hone.config.DatasetType;
import dev.hone.config.NormalizeConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** The normalize step: all data sets of a configuration in the normal form. */
public final class NormalizeStage {
  private static final int REVISION = 2;

  private final StageContext context;
  private final List<DatasetConfig> datasets;
  private final NormalizeConfig options;

  /** A stage over the data sets given, at least one. */
  public NormalizeStage(
      StageContext context, List<DatasetConfig> datasets, NormalizeConfig options) {
    this.context = context;
    this.datasets = datasets;
    this.options = options;
  }

  /**
   * Everything that the result depends on; reads all sources' files for their digests.
   *
   * @throws HoneException if a source is not there
   */
  public static StepSpec spec(
      List<DatasetConfig> datasets, NormalizeConfig options, Configuration hadoop) {
    Map<String, String> keys = new TreeMap<>();
    Map<String, String> inputs = new TreeMap<>();
    Map<String, String> digests = new TreeMap<>(); // several sources may read the same files
    for (DatasetConfig dataset : datasets) {
      keys.put("dataset " + dataset.name(), dataset.toString());
      dataset
          .sources()
          .forEach(
              (role, source) ->
                  inputs.put(
                      dataset.name() + " " + role.key(),
                      digests.computeIfAbsent(
                          source.isWordNet() ? source.format() : source.path(),
                          files -> SourceDigest.of(dataset.name(), source, hadoop))));
    }
    keys.put("normalize", options.toString());
    return StepSpec.of("normalize", "all", REVISION, keys, inputs, Map.of());
  }

  /**
   * Runs the step where its result is not published yet.
   *
   * @param spec what {@link #spec} gave for the same data sets and options
   */
  public Commit run(StepSpec spec) {
    return context.run(spec, this::write);
  }

  private void write(Attempt attempt) {
    List<NormalForm> forms = forms(attempt);
    NormalForm form = forms.stream().reduce(NormalForm::and).orElseThrow();
    try {
      attempt.table(Tables.REJECTS, form.rejects());
      attempt.table(Tables.AUDIT, new DataAudit(form, trained()).findings());
      attempt.table(Tables.DOCUMENTS, form.documents());
      attempt.table(Tables.QUERIES, form.queries());
      attempt.table(Tables.JUDGEMENTS, form.judgements());
      attempt.table(Tables.SCORED_PAIRS, form.scoredPairs());
    } finally {
      form.release();
    }
  }

  private List<String> trained() {
    return datasets.stream().filter(DatasetConfig::trainOn).map(DatasetConfig::name).toList();
  }

  /** The data sets' forms: WordNet's together, because they are read at once. */
  private List<NormalForm> forms(Attempt attempt) {
    List<NormalForm> forms = new ArrayList<>();
    List<DatasetConfig> wordNet = new ArrayList<>();
    for (DatasetConfig dataset : datasets) {
      if (dataset.sources().values().stream().anyMatch(source -> source.isWordNet())) {
        wordNet.add(dataset);
      } else {
        forms.add(checked(dataset, form(dataset), attempt));
      }
    }
    if (!wordNet.isEmpty()) {
      SortedMap<String, Concept> concepts = WordNetLexicon.read();
      forms.add(
          NormalRows.form(
              context.spark(),
              wordNet.stream().map(dataset -> WordNetRows.of(concepts, dataset)).toList()));
    }
    return forms;
  }

  private NormalForm form(DatasetConfig dataset) {
    if (dataset.type() == DatasetType.RANKING) {
      return new RankingSources(dataset, options).form(context.spark());
    }
    if (dataset.type() == DatasetType.SCORED) {
      return new ScoredRows(dataset, options).form(context.spark());
    }
    return new LabelledPairs(dataset, options).form(context.spark());
  }

  /** Refuses a data set with too many bad records; they stay with the try. */
  private NormalForm checked(DatasetConfig dataset, NormalForm form, Attempt attempt) {
    long records = form.records();
    long rejected = form.rejects().count();
    double share = rejected / (double) Math.max(1, records);
    if (share > options.maxRejectShare()) {
      attempt.table(Tables.REJECTS, form.rejects());
      attempt.table(Tables.AUDIT, new DataAudit(form, trained()).findings());
      form.release();
      throw new HoneException(
          ErrorCode.INPUT,
          String.format(
              Locale.ROOT,
              "Cannot use data set %s: %d of %d records were refused, a share of %.4f, above normalize.max-reject-share = %s. Each with its position and reason stands in %s, what was found in the rest in %s. Mend the source, or raise the share.",
              dataset.name(),
              rejected,
              records,
              share,
              options.maxRejectShare(),
              attempt.tableFolder(Tables.REJECTS),
              attempt.tableFolder(Tables.AUDIT)));
    }
    if (records == 0) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot use data set %s: its source has no record that where lets through."
              .formatted(dataset.name()));
    }
    return form;
  }
}
