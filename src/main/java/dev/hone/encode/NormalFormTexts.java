package dev.hone.encode;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.store.CommittedFile;
import dev.hone.store.CommittedTable;
import dev.hone.table.Columns;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import dev.hone.text.TextRole;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The texts of a normal form that need vectors.
 *
 * @param encoder whose prompts stand before them
 * @param wanted which rows' texts
 */
record NormalFormTexts(Commit normalForm, EncoderSpec encoder, EncodedRows wanted)
    implements WantedTexts {

  /** Of all rows that may have to be read. */
  Extent extent() {
    List<CommittedTable> read =
        Stream.of(Tables.DOCUMENTS, Tables.QUERIES, Tables.JUDGEMENTS, Tables.SCORED_PAIRS)
            .map(table -> normalForm.table(table.name()))
            .toList();
    return Extent.of(
        read.stream().mapToLong(CommittedTable::rows).sum(),
        read.stream()
            .flatMap(table -> table.files().stream())
            .mapToLong(CommittedFile::size)
            .sum());
  }

  /** Each text once for each prompt, with its uses (dataset, role) besides. */
  @Override
  public Dataset<Row> in(StageContext context, Extent extent) {
    Column prompt =
        when(col("role").equalTo(TextRole.QUERY.label()), encoder.queryPrompt())
            .otherwise(encoder.documentPrompt());
    return uses(new Reader(context, normalForm, extent))
        .groupBy(prompt.as("prompt"), col("text"))
        .agg(collect_set(struct("dataset", "role")).as("uses"))
        .select(
            col("prompt"),
            sort_array(array_distinct(col("uses.role"))).as("roles"),
            Texts.hash(col("text")).as("content_hash"),
            col("text"),
            col("uses"));
  }

  /** dataset, role, content_hash of such texts, each once. */
  static Dataset<Row> uses(Dataset<Row> texts) {
    return texts
        .select(col("content_hash"), explode(col("uses")).as("use"))
        .select("use.dataset", "use.role", "content_hash");
  }

  /** Reads tables of a normal form for queries of an extent. */
  private record Reader(StageContext context, Commit normalForm, Extent extent) {
    Dataset<Row> table(TableDefinition table) {
      return extent.gathered(context.read(normalForm, table));
    }

    Dataset<Row> having(Dataset<Row> rows, Dataset<Row> others, String... columns) {
      return rows.join(extent.lookedUp(others), Columns.names(columns), "left_semi");
    }
  }

  /** What is wanted for which data set, in which role: dataset, role, text. */
  private Dataset<Row> uses(Reader reader) {
    Column document = lit(TextRole.DOCUMENT.label()).as("role");
    Dataset<Row> scored = reader.table(Tables.SCORED_PAIRS).filter(wanted.isEvaluated());
    return reader
        .extent()
        .gathered(
            documents(reader)
                .select(col("dataset"), document, Texts.ofDocument().as("text"))
                .union(scored.select(col("dataset"), document, col("text_a")))
                .union(scored.select(col("dataset"), document, col("text_b")))
                .union(
                    reader
                        .table(Tables.QUERIES)
                        .filter(wanted.isEvaluated().or(wanted.isTrained()))
                        .select(col("dataset"), lit(TextRole.QUERY.label()), col("text"))));
  }

  /** All documents where they are searched, else those that an evaluated query is judged with. */
  private Dataset<Row> documents(Reader reader) {
    Dataset<Row> documents = reader.table(Tables.DOCUMENTS);
    Dataset<Row> queries = reader.table(Tables.QUERIES).filter(wanted.isEvaluated());
    Dataset<Row> judged =
        reader.having(reader.table(Tables.JUDGEMENTS), queries, "dataset", "query_id");
    return documents
        .filter(wanted.isSearched())
        .union(
            reader.having(documents.filter(not(wanted.isSearched())), judged, "dataset", "doc_id"));
  }
}
