package dev.hone.normalize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;

import dev.hone.config.NormalizeConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.table.Columns;
import dev.hone.text.Chunks;
import dev.hone.text.TextRole;
import dev.hone.text.TextTokenizer;
import dev.hone.text.TokenizerSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.storage.StorageLevel;

/**
 * Cuts long documents into chunks: {@code doc_id} becomes {@code parent#n}, and each chunk has its
 * parent's judgements.
 */
final class ChunkedDocuments {
  private final TokenizerSpec tokenizer;
  private final NormalizeConfig options;

  ChunkedDocuments(TokenizerSpec tokenizer, NormalizeConfig options) {
    this.tokenizer = tokenizer;
    this.options = options;
  }

  /**
   * The form with chunks in place of documents that are longer than {@code chunk-tokens}.
   *
   * @throws HoneException if a chunk's id is another document's
   */
  NormalForm of(NormalForm form) {
    Dataset<Row> whole = form.documents();
    Cut cut = new Cut(tokenizer, Arrays.asList(whole.columns()), options);
    Dataset<Row> documents =
        whole
            .mapPartitions(cut, Encoders.row(whole.schema()))
            .withColumn("content_hash", SourceColumns.hash(SourceForm.whole()))
            .persist(StorageLevel.DISK_ONLY());
    refuseTaken(documents);
    Dataset<Row> ids =
        documents.select(col("dataset"), col("parent_id").as("doc_id"), col("doc_id").as("part"));
    Dataset<Row> judgements =
        form.judgements()
            .join(ids, Columns.names("dataset", "doc_id"), "left")
            .withColumn("doc_id", coalesce(col("part"), col("doc_id")))
            .drop("part");
    return form.with(documents, form.queries(), judgements, List.of(documents));
  }

  private static void refuseTaken(Dataset<Row> documents) {
    Dataset<Row> twice = documents.groupBy("dataset", "doc_id").count().filter("count > 1");
    List<Row> taken = twice.orderBy("dataset", "doc_id").limit(1).collectAsList();
    if (!taken.isEmpty()) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot cut data set %s into chunks: the id %s of a chunk is also another document's. Change the documents' ids, such as id = \"concat('d-', id)\"."
              .formatted(taken.get(0).getString(0), taken.get(0).getString(1)));
    }
  }

  /** Makes of each document its chunks, in the documents' own columns. */
  private record Cut(TokenizerSpec spec, List<String> columns, int most, int overlap)
      implements MapPartitionsFunction<Row, Row> {

    Cut(TokenizerSpec spec, List<String> columns, NormalizeConfig options) {
      this(spec, columns, options.chunkTokens(), options.chunkOverlap());
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      return TokenizedRows.of(rows, spec, this::cut);
    }

    private List<Row> cut(TextTokenizer tokenizer, List<Row> block) {
      Chunks chunks = new Chunks(tokenizer, most, overlap);
      List<Row> parts = new ArrayList<>();
      for (Row row : block) {
        String title = row.getAs("title");
        String before = spec.prompts().apply(TextRole.DOCUMENT, title == null ? "" : title + " ");
        List<String> texts = chunks.of(before, row.getAs("text"));
        for (int chunk = 0; chunk < texts.size(); chunk++) {
          parts.add(texts.size() == 1 ? row : part(row, chunk, texts.get(chunk)));
        }
      }
      return parts;
    }

    private Row part(Row row, int chunk, String text) {
      Object[] values = new Object[row.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(i);
      }
      values[columns.indexOf("doc_id")] = row.getAs("doc_id") + "#" + chunk;
      values[columns.indexOf("chunk")] = chunk;
      values[columns.indexOf("text")] = text;
      return RowFactory.create(values);
    }
  }
}
