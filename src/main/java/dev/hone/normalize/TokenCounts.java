package dev.hone.normalize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;

import dev.hone.text.TextRole;
import dev.hone.text.TextTokenizer;
import dev.hone.text.TokenizerSpec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;

/** Counts the tokens that a model would see in each text, were there no longest text. */
final class TokenCounts {
  private static final String SEEN = "_seen";

  private final TokenizerSpec tokenizer;

  TokenCounts(TokenizerSpec tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Documents with a column {@code tokens}: prompt, title and text with special tokens. */
  Dataset<Row> ofDocuments(Dataset<Row> documents) {
    return counted(documents, SourceForm.whole(), TextRole.DOCUMENT);
  }

  /** Queries with a column {@code tokens}: prompt and text with special tokens. */
  Dataset<Row> ofQueries(Dataset<Row> queries) {
    return counted(queries, col("text"), TextRole.QUERY);
  }

  private Dataset<Row> counted(Dataset<Row> rows, Column text, TextRole role) {
    Dataset<Row> seen =
        rows.drop("tokens")
            .withColumn(SEEN, concat(lit(tokenizer.prompts().apply(role, "")), text));
    int last = seen.columns().length - 1;
    return seen.mapPartitions(
            new Count(tokenizer, last),
            Encoders.row(seen.schema().add("tokens", DataTypes.IntegerType)))
        .drop(SEEN);
  }

  private record Count(TokenizerSpec spec, int text) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      return TokenizedRows.of(rows, spec, this::counted);
    }

    private List<Row> counted(TextTokenizer tokenizer, List<Row> block) {
      List<Integer> lengths =
          tokenizer.lengths(block.stream().map(row -> row.getString(text)).toList());
      List<Row> counted = new ArrayList<>(block.size());
      for (int i = 0; i < block.size(); i++) {
        Row row = block.get(i);
        Object[] values = new Object[row.length() + 1];
        for (int column = 0; column < row.length(); column++) {
          values[column] = row.get(column);
        }
        values[row.length()] = lengths.get(i);
        counted.add(RowFactory.create(values));
      }
      return counted;
    }
  }
}
