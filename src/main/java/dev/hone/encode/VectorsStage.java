package dev.hone.encode;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sort_array;

import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import dev.hone.text.TextRole;
import dev.hone.torch.EncodedTexts;
import dev.hone.torch.Encoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The vectors step: what mining and evaluation compare, encoded by one model. */
public final class VectorsStage {
  private static final Logger LOG = LoggerFactory.getLogger(VectorsStage.class);

  /** Raised when results change. */
  public static final int REVISION = 3;

  /** Texts handed to the encoder at once: enough to fill batches of each length. */
  private static final int BLOCK = 2048;

  private final StageContext context;
  private final Commit normalForm;
  private final EncoderSpec encoder;

  /** A stage that encodes the normal form's texts. */
  public VectorsStage(StageContext context, Commit normalForm, EncoderSpec encoder) {
    this.context = context;
    this.normalForm = normalForm;
    this.encoder = encoder;
  }

  /**
   * Runs the step where its result is not published yet.
   *
   * @param part the model's name in the run
   */
  public Commit run(String part, EncodedRows wanted) {
    StepSpec spec =
        StepSpec.of(
            "vectors",
            part,
            REVISION,
            Map.of(
                "rows", wanted,
                "max-length", encoder.maxLength(),
                "query-prompt", encoder.queryPrompt(),
                "document-prompt", encoder.documentPrompt()),
            Map.of("normalize", normalForm.digest(), "model", encoder.digest()),
            Map.of("precision", encoder.precision().label()));
    return context.run(spec, attempt -> write(attempt, wanted));
  }

  private void write(Attempt attempt, EncodedRows wanted) {
    Dataset<Row> scored =
        context.read(normalForm, Tables.SCORED_PAIRS).filter(wanted.isEvaluated());
    Dataset<Row> texts =
        documents(wanted)
            .select(lit(TextRole.DOCUMENT.label()).as("role"), Texts.ofDocument().as("text"))
            .union(scored.select(lit(TextRole.DOCUMENT.label()), col("text_a")))
            .union(scored.select(lit(TextRole.DOCUMENT.label()), col("text_b")))
            .union(
                context
                    .read(normalForm, Tables.QUERIES)
                    .filter(wanted.isEvaluated().or(wanted.isTrained()))
                    .select(lit(TextRole.QUERY.label()), col("text")))
            .distinct()
            .groupBy(col("text"), onePrompt() ? lit("both").as("prompt") : col("role").as("prompt"))
            .agg(sort_array(collect_set("role")).as("roles"))
            .select(col("roles"), col("text"), Texts.hash(col("text")).as("content_hash"))
            .repartition(executors())
            .sortWithinPartitions("roles", "content_hash");
    Dataset<Row> vectors =
        texts.mapPartitions(new EncodePartition(encoder), Encoders.row(Tables.VECTORS.schema()));
    attempt.table(Tables.VECTORS, vectors);
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

  /** Whether a text has the same vector as a query and as a document. */
  private boolean onePrompt() {
    return encoder.queryPrompt().equals(encoder.documentPrompt());
  }

  /** One encoder per executor: it uses all the threads it may. */
  private int executors() {
    return Math.max(
        1, context.spark().sparkContext().statusTracker().getExecutorInfos().length - 1);
  }

  /** Encodes the rows (roles, text, content_hash) of one partition, each text once. */
  private record EncodePartition(EncoderSpec spec) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      List<Row> encoded = new ArrayList<>();
      try (Encoder encoder = spec.open()) {
        List<Row> block = new ArrayList<>();
        while (rows.hasNext()) {
          Row row = rows.next();
          if (block.size() == BLOCK || changesRole(block, row)) {
            encode(encoder, block, encoded);
          }
          block.add(row);
        }
        encode(encoder, block, encoded);
      }
      return encoded.iterator();
    }

    private static boolean changesRole(List<Row> block, Row next) {
      return !block.isEmpty() && !block.get(0).getList(0).equals(next.getList(0));
    }

    private static void encode(Encoder encoder, List<Row> block, List<Row> encoded) {
      if (block.isEmpty()) {
        return;
      }
      List<String> roles = block.get(0).getList(0);
      List<String> texts = block.stream().map(row -> row.getString(1)).toList();
      TextRole role = roles.contains(TextRole.QUERY.label()) ? TextRole.QUERY : TextRole.DOCUMENT;
      EncodedTexts result = encoder.encode(texts, role);
      for (int i = 0; i < block.size(); i++) {
        for (String label : roles) {
          encoded.add(
              RowFactory.create(
                  label, block.get(i).getString(2), result.vectors()[i], result.truncated()[i]));
        }
      }
      LOG.info("  {} vectors", encoded.size());
      block.clear();
    }
  }
}
