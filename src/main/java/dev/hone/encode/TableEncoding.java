package dev.hone.encode;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;

import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import dev.hone.text.TextRole;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes a text column of any source into a folder of Parquet files (id, vector), in the input's
 * order. What it encodes is published in the workspace, so that nothing is encoded twice.
 */
public final class TableEncoding {
  private static final Logger LOG = LoggerFactory.getLogger(TableEncoding.class);

  private final StageContext context;
  private final EncoderSpec encoder;
  private final TextRole role;
  private final StoredForm form;

  /**
   * What was done.
   *
   * @param rows rows written
   * @param reused distinct texts whose vectors were there already
   * @param encoded distinct texts that were encoded
   * @param truncated rows whose text the maximum length cut
   */
  public record Counts(long rows, long reused, long encoded, long truncated) {}

  /** An encoding of texts in one role; the context's run id is the beginning of its run's. */
  public TableEncoding(StageContext context, EncoderSpec encoder, TextRole role, StoredForm form) {
    this.context = context;
    this.encoder = encoder;
    this.role = role;
    this.form = form;
  }

  /**
   * Writes the vectors of an input.
   *
   * @param input as {@link NumberedRows} wants it: file, block, number, unparsed, perhaps id, text
   * @throws dev.hone.error.HoneException if a row has no text, or the output cannot be written
   */
  public Counts write(Dataset<Row> input, OutputFolder output) {
    try (NumberedRows rows = NumberedRows.of(input);
        KnownVectors known = KnownVectors.locate(context, encoder, wanted(rows), rows.extent())) {
      LOG.info("  {} texts to encode, {} known already", known.missing(), known.reused());
      Dataset<Row> vectors =
          known.missing() == 0 ? known.vectors() : known.vectors().union(encoded(known));
      long truncated = write(rows, known.extent().gathered(vectors), known.extent(), output);
      return new Counts(rows.count(), known.reused(), known.missing(), truncated);
    } finally {
      EncoderHolder.ofThisProcess().release();
    }
  }

  private WantedTexts wanted(NumberedRows rows) {
    return (unused, extent) ->
        rows.texts(extent)
            .select(
                lit(encoder.prompt(role)).as("prompt"),
                array(lit(role.label())).as("roles"),
                col("content_hash"),
                col("text"));
  }

  /** Encodes what is missing and publishes it as a step of a run of its own. */
  private Dataset<Row> encoded(KnownVectors known) {
    Map<String, String> keys = new TreeMap<>();
    keys.put(VectorsStage.ENCODER, encoder.settings());
    keys.put(VectorsStage.promptKey(role), encoder.prompt(role));
    if (!known.damaged().isEmpty()) {
      // The same texts may have been published before, under the digest of a damaged commit.
      keys.put("instead-of", known.damaged().toString());
    }
    StepSpec spec =
        StepSpec.of(
            VectorsStage.STEP,
            "all",
            VectorsStage.REVISION,
            keys,
            Map.of(VectorsStage.MODEL, encoder.digest(), "texts", known.missingDigest()),
            Map.of());
    StageContext own =
        new StageContext(
            context.spark(),
            context.workspace(),
            context.runId() + "-" + spec.digest().substring(0, 12),
            context.cache(),
            context.codeVersion());
    Commit commit =
        own.run(
            spec,
            attempt ->
                attempt.table(
                    Tables.VECTORS,
                    TextEncoding.of(encoder, known.missingTexts(), known.missing())));
    return own.read(commit, Tables.VECTORS);
  }

  private long write(NumberedRows rows, Dataset<Row> vectors, Extent extent, OutputFolder output) {
    Observation observed = new Observation();
    Dataset<Row> ordered =
        vectors
            .select("content_hash", "vector", "truncated")
            .join(extent.lookedUp(rows.places(extent)), "content_hash")
            .orderBy("position")
            .observe(observed, count(lit(1)).as("rows"), count_if(col("truncated")).as("cut"));
    Ranges ranges = form.precision() == VectorPrecision.INT8 ? ranges(vectors) : null;
    output.write(
        folder -> {
          if (ranges != null) {
            output.writeFile(folder, Ranges.FILE, ranges.json());
          }
          // The folder is new, but may hold the ranges.
          stored(ordered.select("id", "vector"), ranges)
              .write()
              .mode(SaveMode.Append)
              .option("compression", "zstd")
              .parquet(folder);
          requireAll(rows.count(), value(observed, "rows"));
        });
    return value(observed, "cut");
  }

  /** What was observed of rows that are written. */
  private static long value(Observation observed, String name) {
    try {
      return (Long) observed.getAsJava().get(name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the rows were counted", e);
    }
  }

  private static void requireAll(long expected, long written) {
    if (expected != written) {
      throw new IllegalStateException(
          "%d rows were to be written, and %d were".formatted(expected, written));
    }
  }

  private Dataset<Row> stored(Dataset<Row> rows, Ranges ranges) {
    StructType schema =
        new StructType()
            .add("id", rows.schema().apply("id").dataType(), false)
            .add("vector", form.type(), false);
    return rows.map(new Store(form, ranges), Encoders.row(schema));
  }

  private Ranges ranges(Dataset<Row> vectors) {
    StoredForm kept = form;
    return vectors
        .select("vector")
        .toJavaRDD()
        .map(row -> kept.shortened(row, 0))
        .treeAggregate(Ranges.none(kept.dimensions()), Ranges::with, Ranges::union);
  }

  /** Brings (id, vector) into the form wanted. */
  private record Store(StoredForm form, Ranges ranges) implements MapFunction<Row, Row> {
    @Override
    public Row call(Row row) {
      return RowFactory.create(row.get(0), form.stored(form.shortened(row, 1), ranges));
    }
  }
}
