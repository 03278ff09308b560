package dev.hone.normalize;

import dev.hone.config.DatasetConfig;
import dev.hone.config.DatasetType;
import dev.hone.config.NormalizeConfig;
import dev.hone.config.SourceConfig;
import dev.hone.error.HoneException;
import dev.hone.normalize.source.SourceDigest;
import dev.hone.normalize.source.UnreadableSource;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.store.Digests;
import dev.hone.store.LocalCache;
import dev.hone.table.Tables;
import dev.hone.text.TokenizerSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The normalize step: all data sets of a configuration in the normal form. */
public final class NormalizeStage {
  private static final int REVISION = 7;

  private static final Logger LOG = LoggerFactory.getLogger(NormalizeStage.class);

  private final StageContext context;
  private final List<DatasetConfig> datasets;
  private final NormalizeConfig options;
  private final TokenizerSpec tokenizer;
  private final AuditPage page;

  /**
   * A stage over the data sets given, at least one.
   *
   * @param tokenizer what counts the tokens of texts and cuts long documents
   * @param page what people read of the result; a try that fails has one too
   */
  public NormalizeStage(
      StageContext context,
      List<DatasetConfig> datasets,
      NormalizeConfig options,
      TokenizerSpec tokenizer,
      AuditPage page) {
    this.context = context;
    this.datasets = datasets;
    this.options = options;
    this.tokenizer = tokenizer;
    this.page = page;
  }

  /**
   * Everything that the result depends on; reads all sources' files for their digests.
   *
   * @throws HoneException if a source is not there
   */
  public static StepSpec spec(
      List<DatasetConfig> datasets,
      NormalizeConfig options,
      TokenizerSpec tokenizer,
      Configuration hadoop) {
    Map<String, String> keys = new TreeMap<>();
    Map<String, String> inputs = new TreeMap<>();
    Map<String, String> digests = new TreeMap<>(); // several sources may read the same files
    for (DatasetConfig dataset : datasets) {
      keys.put("dataset " + dataset.name(), dataset.untrained().toString());
      dataset
          .sources()
          .forEach(
              (role, source) ->
                  inputs.put(
                      dataset.name() + " " + role.key(),
                      digest(dataset.name() + ", " + role.key(), source, hadoop, digests)));
    }
    keys.put("normalize", options.toString());
    keys.put("max-length", String.valueOf(tokenizer.maxLength()));
    keys.put("prompts", tokenizer.prompts().toString());
    inputs.put("tokenizer", Digests.ofText(tokenizer.json()));
    return StepSpec.of("normalize", "all", REVISION, keys, inputs, Map.of());
  }

  private static String digest(
      String place, SourceConfig source, Configuration hadoop, Map<String, String> digests) {
    if (source.isWordNet()) {
      return digests.computeIfAbsent(source.format(), format -> WordNetLexicon.digest());
    }
    SourceDigest files = new SourceDigest(place, hadoop);
    if (!source.namesSplits()) {
      return digests.computeIfAbsent(source.path(), files::of);
    }
    files.refuseShared(source.paths());
    Map<String, String> bySplit = new TreeMap<>();
    source
        .paths()
        .forEach((split, path) -> bySplit.put(split, digests.computeIfAbsent(path, files::of)));
    return Digests.ofText(bySplit.toString());
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
    List<Finding> rejects = new ArrayList<>();
    NormalForm form = finished(forms(rejects).stream().reduce(NormalForm::and).orElseThrow());
    try {
      TokenCounts tokens = new TokenCounts(tokenizer);
      WrittenForm written =
          new WrittenForm(
              attempt.table(Tables.DOCUMENTS, tokens.ofDocuments(form.documents())),
              attempt.table(Tables.QUERIES, tokens.ofQueries(form.queries())),
              attempt.table(Tables.JUDGEMENTS, form.judgements()),
              attempt.table(Tables.SCORED_PAIRS, form.scoredPairs()),
              attempt.table(Tables.REJECTS, form.rejects()));
      List<Finding> findings =
          new DataAudit(written, datasets, options, tokenizer.maxLength()).findings(rejects);
      Dataset<Row> audit = attempt.table(Tables.AUDIT, Finding.rows(context.spark(), findings));
      writePage(attempt, page.html(written, audit));
      findings.stream()
          .filter(finding -> !finding.isInfo())
          .forEach(finding -> LOG.info("  {}", finding.line()));
      new Thresholds(options)
          .check(
              findings,
              attempt.tableFolder(Tables.REJECTS),
              attempt.artifactFolder(AuditPage.ARTIFACT) + "/" + AuditPage.FILE);
    } finally {
      form.release();
    }
  }

  private static void writePage(Attempt attempt, String html) {
    try {
      Path folder = Files.createTempDirectory("hone-audit");
      try {
        Files.writeString(folder.resolve(AuditPage.FILE), html);
        attempt.artifact(AuditPage.ARTIFACT, folder);
      } finally {
        LocalCache.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the options make of all data sets together. */
  private NormalForm finished(NormalForm form) {
    NormalForm merged = options.mergeDuplicates() ? Duplicates.merged(form) : form;
    NormalForm grouped =
        options.groupsNearDuplicates()
            ? new NearDuplicates(options.nearDuplicates()).of(merged)
            : merged;
    return options.cutsChunks() ? new ChunkedDocuments(tokenizer, options).of(grouped) : grouped;
  }

  /** The data sets' forms: WordNet's together, because they are read at once. */
  private List<NormalForm> forms(List<Finding> rejects) {
    List<NormalForm> forms = new ArrayList<>();
    List<DatasetConfig> wordNet = new ArrayList<>();
    for (DatasetConfig dataset : datasets) {
      if (dataset.sources().values().stream().anyMatch(source -> source.isWordNet())) {
        wordNet.add(dataset);
      } else {
        forms.add(read(dataset, rejects));
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

  /** Reads all records, so that what cannot be read fails here, under its data set's name. */
  private NormalForm read(DatasetConfig dataset, List<Finding> rejects) {
    try {
      NormalForm form = form(dataset);
      rejects.addAll(RejectCounts.of(dataset.name(), form));
      return form;
    } catch (Exception e) { // Spark's Scala code throws checked exceptions undeclared
      throw UnreadableSource.of(dataset.name(), e);
    }
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
}
