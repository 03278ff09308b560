package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;

import dev.hone.config.DatasetConfig;
import dev.hone.config.ProbeConfig;
import dev.hone.encode.EncoderSpec;
import dev.hone.encode.GivenTexts;
import dev.hone.encode.Texts;
import dev.hone.encode.VectorTable;
import dev.hone.metric.Similarity;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.store.Digests;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The probes step of one model: the cosine of pairs of texts that the user cares about, and the
 * rank of the second among the documents that are searched.
 *
 * <p>The first text is encoded as a query, the second as a document. The rank is 1 and the number
 * of documents, over all ranked data sets, whose cosine with the first text is greater; a document
 * counts by its nearest chunk, and one whose text is the second text itself does not count.
 */
public final class ProbeStage {
  /** Raised when results change. */
  public static final int REVISION = 1;

  private final StageContext context;
  private final Commit normalForm;
  private final List<ProbeConfig> probes;
  private final List<String> searched;

  /** A stage over the documents of all ranked data sets. */
  public ProbeStage(
      StageContext context,
      Commit normalForm,
      List<ProbeConfig> probes,
      List<DatasetConfig> datasets) {
    this.context = context;
    this.normalForm = normalForm;
    this.probes = List.copyOf(probes);
    this.searched =
        datasets.stream()
            .filter(dataset -> dataset.type().isRanked())
            .map(DatasetConfig::name)
            .toList();
  }

  /**
   * Compares the texts where the result is not published yet.
   *
   * @param vectors of the documents, by the same encoder
   * @return empty where the configuration has no probe
   */
  public Optional<Commit> run(String model, EncoderSpec encoder, Commit vectors) {
    if (probes.isEmpty()) {
      return Optional.empty();
    }
    StepSpec spec =
        StepSpec.of(
            "probes",
            model,
            REVISION,
            Map.of("probes", probes, "model", model, "searched", searched),
            Map.of("normalize", normalForm.digest(), "vectors", vectors.digest()),
            Map.of());
    return Optional.of(context.run(spec, attempt -> write(attempt, model, encoder, vectors)));
  }

  private void write(Attempt attempt, String model, EncoderSpec encoder, Commit vectors) {
    GivenTexts texts =
        GivenTexts.encoded(
            context.spark(),
            encoder,
            probes.stream().map(ProbeConfig::textA).toList(),
            probes.stream().map(ProbeConfig::textB).toList());
    List<float[]> queries = new ArrayList<>();
    List<Double> cosines = new ArrayList<>();
    for (ProbeConfig probe : probes) {
      float[] query = texts.query(probe.textA());
      queries.add(query);
      cosines.add(Similarity.cosine(query, texts.document(probe.textB())));
    }
    Dataset<Row> documents =
        context.read(normalForm, Tables.DOCUMENTS).filter(col("dataset").isin(searched.toArray()));
    long count = documents.select("dataset", "parent_id").distinct().count();
    List<String> hashes = probes.stream().map(probe -> Digests.ofText(probe.textB())).toList();
    Map<Integer, Long> nearer =
        nearer(documents, vectors, new NearerProbes(queries, cosines, hashes));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < probes.size(); i++) {
      ProbeConfig probe = probes.get(i);
      rows.add(
          RowFactory.create(
              model,
              probe.textA(),
              probe.textB(),
              cosines.get(i),
              1 + nearer.getOrDefault(i, 0L),
              count));
    }
    attempt.table(
        Tables.PROBES, context.spark().createDataFrame(rows, Tables.PROBES.schema()).coalesce(1));
  }

  /** How many documents each probe's second text is less near than, by the probe's position. */
  private Map<Integer, Long> nearer(
      Dataset<Row> documents, Commit vectors, NearerProbes comparison) {
    Dataset<Row> encoded =
        new VectorTable(context, vectors)
            .documents(documents)
            .select(col("dataset").as("d"), col("doc_id").as("id"), col("vector"));
    Dataset<Row> pairs =
        documents
            .select(
                col("dataset"),
                col("doc_id"),
                col("parent_id"),
                Texts.hash(Texts.ofDocument()).as("content_hash"))
            .join(encoded, col("dataset").equalTo(col("d")).and(col("doc_id").equalTo(col("id"))))
            .select("dataset", "parent_id", "content_hash", "vector")
            .flatMap(comparison, Encoders.row(NearerProbes.ROWS))
            .distinct();
    Map<Integer, Long> counts = new HashMap<>();
    pairs
        .groupBy("probe")
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getInt(0), row.getLong(1)));
    return counts;
  }
}
