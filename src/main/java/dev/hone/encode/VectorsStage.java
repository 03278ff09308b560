package dev.hone.encode;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.when;

import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import dev.hone.text.TextRole;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vectors step: what mining and evaluation compare, encoded by one model. What an earlier step
 * of the workspace encoded with the same model, settings and prompt is taken from there.
 */
public final class VectorsStage {
  private static final Logger LOG = LoggerFactory.getLogger(VectorsStage.class);

  /** Raised when results change. */
  public static final int REVISION = 4;

  /** Name of the step. */
  static final String STEP = "vectors";

  /** The input that names the model's digest. */
  static final String MODEL = "model";

  /** The key that says how the model encodes. */
  static final String ENCODER = "encoder";

  /** The key that says whether vectors are brought to length 1 before they are compared. */
  static final String UNIT_LENGTH = "unit-length";

  private final StageContext context;
  private final Commit normalForm;
  private final EncoderSpec encoder;

  /** A stage that encodes the normal form's texts. */
  public VectorsStage(StageContext context, Commit normalForm, EncoderSpec encoder) {
    this.context = context;
    this.normalForm = normalForm;
    this.encoder = encoder;
  }

  /** The key that says what is put before the texts of a role. */
  static String promptKey(TextRole role) {
    return role.label() + "-prompt";
  }

  /**
   * Runs the step where its result is not published yet.
   *
   * @param part the model's name in the run
   */
  public Commit run(String part, EncodedRows wanted) {
    StepSpec spec =
        StepSpec.of(
            STEP,
            part,
            REVISION,
            Map.of(
                "rows",
                wanted,
                ENCODER,
                encoder.settings(),
                UNIT_LENGTH,
                encoder.unitLength(),
                promptKey(TextRole.QUERY),
                encoder.queryPrompt(),
                promptKey(TextRole.DOCUMENT),
                encoder.documentPrompt()),
            Map.of("normalize", normalForm.digest(), MODEL, encoder.digest()),
            Map.of());
    return context.run(spec, attempt -> write(attempt, wanted));
  }

  private void write(Attempt attempt, EncodedRows wanted) {
    Dataset<Row> uses = uses(wanted);
    Dataset<Row> vectors;
    try (KnownVectors known = KnownVectors.locate(context, encoder, texts(uses))) {
      LOG.info("  {} texts to encode, {} known already", known.missing(), known.reused());
      Dataset<Row> all = known.vectors();
      if (known.missing() > 0) {
        all = all.union(TextEncoding.of(encoder, known.missingTexts(), known.missing()));
      }
      vectors = attempt.table(Tables.VECTORS, all);
    } finally {
      EncoderHolder.ofThisProcess().release(); // in an embedded master, training comes next
    }
    Dataset<Row> hashed =
        uses.select(col("dataset"), col("role"), Texts.hash(col("text")).as("content_hash"));
    TruncationCounts counts = TruncationCounts.of(hashed, vectors);
    counts.log(encoder.maxLength());
    attempt.table(
        Tables.TRUNCATION_COUNTS,
        context
            .spark()
            .createDataFrame(counts.rows(), Tables.TRUNCATION_COUNTS.schema())
            .coalesce(1));
  }

  /** What is wanted for which data set, in which role: dataset, role, text. */
  private Dataset<Row> uses(EncodedRows wanted) {
    Column document = lit(TextRole.DOCUMENT.label()).as("role");
    Dataset<Row> scored =
        context.read(normalForm, Tables.SCORED_PAIRS).filter(wanted.isEvaluated());
    return documents(wanted)
        .select(col("dataset"), document, Texts.ofDocument().as("text"))
        .union(scored.select(col("dataset"), document, col("text_a")))
        .union(scored.select(col("dataset"), document, col("text_b")))
        .union(
            context
                .read(normalForm, Tables.QUERIES)
                .filter(wanted.isEvaluated().or(wanted.isTrained()))
                .select(col("dataset"), lit(TextRole.QUERY.label()), col("text")));
  }

  /** Each text once for each prompt: prompt, roles, content_hash, text. */
  private Dataset<Row> texts(Dataset<Row> uses) {
    Column prompt =
        when(col("role").equalTo(TextRole.QUERY.label()), encoder.queryPrompt())
            .otherwise(encoder.documentPrompt());
    return uses.groupBy(prompt.as("prompt"), col("text"))
        .agg(sort_array(collect_set("role")).as("roles"))
        .select(
            col("prompt"), col("roles"), Texts.hash(col("text")).as("content_hash"), col("text"));
  }

  /** All documents where they are searched, else those that an evaluated query is judged with. */
  private Dataset<Row> documents(EncodedRows wanted) {
    Dataset<Row> documents = context.read(normalForm, Tables.DOCUMENTS);
    Dataset<Row> queries = context.read(normalForm, Tables.QUERIES).filter(wanted.isEvaluated());
    Dataset<Row> judged =
        context
            .read(normalForm, Tables.JUDGEMENTS)
            .join(queries, Columns.names("dataset", "query_id"), "left_semi");
    return documents
        .filter(wanted.isSearched())
        .union(
            documents
                .filter(not(wanted.isSearched()))
                .join(judged, Columns.names("dataset", "doc_id"), "left_semi"));
  }
}
