package dev.hone.encode;

import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import dev.hone.text.TextRole;
import java.util.Map;
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
    NormalFormTexts texts = new NormalFormTexts(normalForm, encoder, wanted);
    TruncationCounts counts;
    try (KnownVectors known = KnownVectors.locate(context, encoder, texts, texts.extent())) {
      LOG.info("  {} texts to encode, {} known already", known.missing(), known.reused());
      Dataset<Row> all = known.vectors();
      if (known.missing() > 0) {
        all = all.union(TextEncoding.of(encoder, known.missingTexts(), known.missing()));
      }
      Dataset<Row> written = attempt.table(Tables.VECTORS, all);
      counts = TruncationCounts.of(NormalFormTexts.uses(known.wanted()), written, known.extent());
    } finally {
      EncoderHolder.ofThisProcess().release(); // in an embedded master, training comes next
    }
    counts.log(encoder.maxLength());
    attempt.table(
        Tables.TRUNCATION_COUNTS,
        context
            .spark()
            .createDataFrame(counts.rows(), Tables.TRUNCATION_COUNTS.schema())
            .coalesce(1));
  }
}
