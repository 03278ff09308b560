package dev.hone.evaluate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.SliceConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * Which values queries have in the slices of a configuration.
 *
 * <p>A slice is a Spark SQL expression over {@code queries} (a query's columns, and {@code
 * relevant_count}) and {@code documents} (the columns of each of its relevant documents, nulls
 * where it has none). A query counts in every value that one of its relevant documents gives it.
 */
public final class Slices {
  /** Values of a slice that are told apart; the smaller ones are one. */
  static final int MOST_VALUES = 50;

  /** The value of null. */
  static final String NONE = "(none)";

  /** The value of all but the {@value #MOST_VALUES} largest. */
  static final String OTHER = "(other)";

  private static final Map<String, String> KNOWN =
      Map.of(
          "domain",
          "queries.domain",
          "length",
          ranges(
              "size(split(trim(queries.text), r'\\s+'))",
              List.of("2", "5", "10", "20", "50"),
              " words"),
          "positives",
          ranges("queries.relevant_count", List.of("0", "1", "2", "5", "10"), ""));

  private final List<SliceConfig> slices;

  /** The slices of a configuration. */
  public Slices(List<SliceConfig> slices) {
    this.slices = List.copyOf(slices);
  }

  /** An expression that names the range of whole numbers, from 0 or 1, that another lies in. */
  private static String ranges(String expression, List<String> ends, String unit) {
    StringBuilder sql = new StringBuilder("case");
    int from = ends.get(0).equals("0") ? 0 : 1;
    for (String end : ends) {
      int to = Integer.parseInt(end);
      sql.append(" when %s <= %d then '".formatted(expression, to))
          .append(from == to ? end : from + "-" + end)
          .append(unit)
          .append('\'');
      from = to + 1;
    }
    return sql.append(" else '%d+%s' end".formatted(from, unit)).toString();
  }

  /**
   * Looks at every expression; nothing is read.
   *
   * @throws HoneException ({@code CONFIGURATION}) if one is no expression over these columns
   */
  public void check(SparkSession spark) {
    Dataset<Row> queries =
        spark.createDataFrame(
            List.of(), Tables.QUERIES.schema().add("relevant_count", DataTypes.IntegerType));
    Dataset<Row> documents =
        spark
            .createDataFrame(List.of(), Tables.DOCUMENTS.schema())
            .withColumn("for_query", lit(""));
    slices.forEach(slice -> needsQueriesAlone(slice, queries, documents));
  }

  /**
   * The values of every query in every slice, each once.
   *
   * @param queries as {@link Tables#QUERIES}, with relevant_count INT
   * @param documents as {@link Tables#DOCUMENTS}, with for_query, the query that each is relevant
   *     to
   * @return dataset, query_id, slice, slice_value
   */
  Dataset<Row> of(Dataset<Row> queries, Dataset<Row> documents) {
    List<Column> ofQueries = new ArrayList<>();
    List<Column> ofDocuments = new ArrayList<>();
    for (SliceConfig slice : slices) {
      boolean alone = needsQueriesAlone(slice, queries, documents);
      (alone ? ofQueries : ofDocuments)
          .add(
              struct(
                  lit(slice.name()).as("slice"),
                  expr(expression(slice)).cast("string").as("slice_value")));
    }
    // Each in one pass over its rows, and once: two readers follow.
    Dataset<Row> values =
        exploded(queries.alias("queries"), ofQueries)
            .unionByName(exploded(joined(queries, documents), ofDocuments))
            .distinct()
            .localCheckpoint();
    return withoutSmall(values).distinct();
  }

  private static Dataset<Row> exploded(Dataset<Row> rows, List<Column> values) {
    Column none = struct(lit("").as("slice"), lit("").as("slice_value"));
    return (values.isEmpty() ? rows.limit(0) : rows)
        .select(
            col("queries.dataset"),
            col("queries.query_id"),
            explode(array((values.isEmpty() ? List.of(none) : values).toArray(Column[]::new)))
                .as("value"))
        .select("dataset", "query_id", "value.slice", "value.slice_value");
  }

  private static Dataset<Row> withoutSmall(Dataset<Row> values) {
    Dataset<Row> large =
        values
            .filter(col("slice_value").isNotNull())
            .groupBy("slice", "slice_value")
            .agg(count(lit(1)).as("size"))
            .withColumn(
                "place",
                row_number()
                    .over(
                        Window.partitionBy("slice")
                            .orderBy(col("size").desc(), col("slice_value"))))
            .filter(col("place").leq(MOST_VALUES))
            .select(col("slice"), col("slice_value"), col("slice_value").as("kept"));
    return values
        .join(large, Columns.names("slice", "slice_value"), "left")
        .select(
            col("dataset"),
            col("query_id"),
            col("slice"),
            when(col("slice_value").isNull(), lit(NONE))
                .otherwise(coalesce(col("kept"), lit(OTHER)))
                .as("slice_value"));
  }

  private static String expression(SliceConfig slice) {
    return slice.by().orElseGet(() -> KNOWN.get(slice.name()));
  }

  private static Dataset<Row> joined(Dataset<Row> queries, Dataset<Row> documents) {
    return queries
        .alias("queries")
        .join(
            documents.alias("documents"),
            col("queries.dataset")
                .equalTo(col("documents.dataset"))
                .and(col("queries.query_id").equalTo(col("documents.for_query"))),
            "left");
  }

  /**
   * Whether the slice's expression can be told without documents, which need not be joined then.
   */
  private static boolean needsQueriesAlone(
      SliceConfig slice, Dataset<Row> queries, Dataset<Row> documents) {
    try {
      look(slice, queries.alias("queries"));
      return true;
    } catch (HoneException e) {
      throw e;
    } catch (Exception queriesAlone) { // AnalysisException is checked, but Java cannot know it
      try {
        look(slice, joined(queries, documents));
        return false;
      } catch (HoneException e) {
        throw e;
      } catch (Exception e) {
        throw refused(slice, message(e), e);
      }
    }
  }

  private static void look(SliceConfig slice, Dataset<Row> rows) {
    Dataset<Row> values = rows.select(expr(expression(slice)).as("slice_value"));
    DataType type = values.schema().apply("slice_value").dataType();
    if (type instanceof StructType
        || type instanceof ArrayType
        || type instanceof MapType
        || type instanceof BinaryType) {
      throw refused(slice, "it gives %s, not a single value".formatted(type.sql()), null);
    }
    requireOneValue(slice, values.queryExecution().analyzed(), rows);
  }

  /** No generator, window, aggregate, query or random number: a value of one query and document. */
  private static void requireOneValue(SliceConfig slice, LogicalPlan plan, Dataset<Row> rows) {
    boolean plain =
        plan instanceof Project project
            && project.child().sameResult(rows.queryExecution().analyzed());
    if (!plain || !plan.deterministic() || !plan.subqueriesAll().isEmpty()) {
      throw refused(
          slice,
          "it depends on more than one query and document (a random number, a query, or other rows)",
          null);
    }
  }

  private static HoneException refused(SliceConfig slice, String why, Exception cause) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot use the slice %s of evaluate.slices, %s: %s. Give a Spark SQL expression over columns of queries (%s, relevant_count) and documents (%s), such as documents.source."
            .formatted(
                slice.name(),
                slice.by().orElse(slice.name()),
                why,
                String.join(", ", Tables.QUERIES.schema().fieldNames()),
                String.join(", ", Tables.DOCUMENTS.schema().fieldNames())),
        cause);
  }

  /** The first line of Spark's reason. */
  private static String message(Exception failure) {
    String message =
        failure instanceof AnalysisException analysis
            ? analysis.getSimpleMessage()
            : String.valueOf(failure.getMessage());
    return message.lines().filter(line -> !line.isBlank()).findFirst().orElse("").strip();
  }
}
