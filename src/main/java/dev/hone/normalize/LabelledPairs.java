package dev.hone.normalize;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.DatasetConfig;
import dev.hone.config.DatasetType;
import dev.hone.config.NormalizeConfig;
import dev.hone.config.SourceConfig;
import dev.hone.config.SourceRole;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.normalize.source.SourceRows;
import dev.hone.table.Tables;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Pairs, triplets, nli and hard negatives: whole rows, each of them one query with documents that
 * are graded for it.
 */
final class LabelledPairs {
  private final DatasetConfig dataset;
  private final NormalizeConfig options;

  LabelledPairs(DatasetConfig dataset, NormalizeConfig options) {
    this.dataset = dataset;
    this.options = options;
  }

  /**
   * The data set in the normal form; what the form's {@code kept} holds is released by the caller.
   */
  NormalForm form(SparkSession spark) {
    SourceConfig config = dataset.source();
    SourceRows source = SourceRows.open(spark, "data set " + dataset.name() + ", source", config);
    if (dataset.type() == DatasetType.PAIRS && !source.has("positive") && source.names("group")) {
      return new IntentPairs(dataset, options).form(spark, source);
    }
    List<String> required = dataset.type().requiredColumns();
    Dataset<Row> rows = source.rows(required, dataset.where());
    Dataset<Row> pairs = pairs(rows, source).persist(StorageLevel.DISK_ONLY());
    Dataset<Row> good = pairs.filter(col("problem").isNull());
    return new NormalForm(
        SourceForm.documents(dataset.name(), good),
        SourceForm.queries(dataset.name(), good),
        SourceForm.judgements(dataset.name(), good),
        SourceForm.empty(spark, Tables.SCORED_PAIRS),
        SourceForm.rejects(dataset.name(), source, pairs, List.of("query", "text", "label")),
        Map.of(SourceRole.ROWS, pairs));
  }

  private String queryColumn() {
    return dataset.type().requiredColumns().get(0);
  }

  /** One row per query and graded document, with its problem, if any. */
  private Dataset<Row> pairs(Dataset<Row> rows, SourceRows source) {
    Column id = source.names("id") ? SourceColumns.id(col("id")) : lit(null);
    Column group =
        source.names("group") ? SourceColumns.groupId(dataset.name(), col("group")) : lit(null);
    Dataset<Row> graded =
        rows.withColumn("_query", SourceColumns.clean(col(queryColumn()), options))
            .withColumn("_dealt", SourceColumns.split(dataset, splitKey()))
            .withColumn("_row", monotonically_increasing_id())
            .withColumn(
                "_judged",
                explode(
                    when(col(SourceRows.CORRUPT).isNotNull(), slice(judged(rows), 1, 1))
                        .otherwise(judged(rows))))
            .select(
                col(SourceRows.FILE),
                col(SourceRows.BLOCK),
                col(SourceRows.NUMBER),
                col(SourceRows.CORRUPT),
                col("_row").as("row"),
                id.as("id"),
                col("_query").as("query"),
                SourceColumns.clean(col("_judged.text"), options).as("text"),
                lit(null).cast(DataTypes.StringType).as("title"),
                col("_judged.column").as("column"),
                col("_judged.label").as("label"),
                col("_judged.grade").as("grade"),
                col("_judged.origin").as("origin"),
                when(col("_judged.grade").gt(0), group).cast(DataTypes.StringType).as("group_id"),
                col("_dealt").as("split"),
                SourceColumns.domain(rows, dataset).as("domain"),
                col(SourceRows.PART).as("source"));
    return graded
        .withColumn("problem", problem())
        .withColumn("query_id", coalesce(col("id"), SourceColumns.contentId("q-", col("query"))))
        .withColumn("doc_id", SourceColumns.contentId("d-", col("text")));
  }

  private Column splitKey() {
    String by = dataset.split().by();
    return by.equals(queryColumn()) ? col("_query") : expr(by);
  }

  private Column problem() {
    return SourceColumns.firstProblem(
        SourceColumns.problem(lit(queryColumn()), col("query"), options),
        SourceColumns.problem(col("column"), col("text"), options),
        when(
            col("origin").isNull(),
            concat(
                lit("label "),
                coalesce(SourceColumns.shown(col("label")), lit("null")),
                lit(
                    " is neither a code (0 entailment, 1 neutral, 2 contradiction) nor one of"
                        + " labels"))));
  }

  /** The graded documents of a row: array of struct(column, text, label, grade, origin). */
  private Column judged(Dataset<Row> rows) {
    return switch (dataset.type()) {
      case PAIRS -> array(judgement("positive", 1, "pair"));
      case TRIPLETS -> withNegatives(array(judgement("positive", 1, "triplet")), rows);
      case HARD_NEGATIVES -> withNegatives(array(judgement("positive", 1, "hard-negative")), rows);
      case NLI -> array(entailment());
      case SCORED, RANKING ->
          throw new IllegalArgumentException(dataset.type() + " has no labelled pairs");
    };
  }

  private Column judgement(String column, int grade, String origin) {
    return judgement(lit(column), col(column), lit(null), lit(grade), lit(origin));
  }

  private Column judgement(Column column, Column text, Column label, Column grade, Column origin) {
    return struct(
        column.as("column"),
        SourceColumns.written(text, options).as("text"),
        label.cast(DataTypes.StringType).as("label"),
        grade.cast(DataTypes.IntegerType).as("grade"),
        origin.cast(DataTypes.StringType).as("origin"));
  }

  /**
   * Adds the negatives of a row: one, many, or both. Where a row may have both, a null in one of
   * them says that there is none; a null among many is a text that is missing.
   */
  private Column withNegatives(Column judged, Dataset<Row> rows) {
    List<String> present = Arrays.asList(rows.columns());
    boolean one = present.contains("negative");
    boolean many = present.contains("negatives");
    requireNegatives(one || many, many ? rows.schema().apply("negatives").dataType() : null);
    String origin = dataset.type() == DatasetType.TRIPLETS ? "triplet" : "hard-negative";
    Column none = expr("array()").cast(JUDGEMENTS);
    Column all = judged;
    if (one) {
      Column negative = array(judgement("negative", 0, origin));
      all = concat(all, many ? when(col("negative").isNull(), none).otherwise(negative) : negative);
    }
    if (many) {
      Column each =
          transform(
              col("negatives"),
              (text, place) ->
                  judgement(
                      concat(lit("negatives["), place, lit("]")),
                      text,
                      lit(null),
                      lit(0),
                      lit(origin)));
      all = concat(all, coalesce(each, none));
    }
    return all;
  }

  private void requireNegatives(boolean any, DataType many) {
    String problem = null;
    if (!any) {
      problem = "there is neither a column negative nor an array negatives";
    } else if (many != null && !isArrayOfTexts(many)) {
      problem = "negatives is of type " + many.simpleString() + ", but must be an array of texts";
    }
    if (problem != null) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot make the rows of data set %s, source: %s. Name a Spark SQL expression for it under columns, such as negatives = \"split(others, ';')\"."
              .formatted(dataset.name(), problem));
    }
  }

  private static boolean isArrayOfTexts(DataType type) {
    return type instanceof ArrayType array
        && !(array.elementType() instanceof StructType
            || array.elementType() instanceof ArrayType
            || array.elementType() instanceof MapType);
  }

  private static final String JUDGEMENTS =
      "array<struct<column:string,text:string,label:string,grade:int,origin:string>>";

  private Column entailment() {
    Column label = trim(col("label").cast(DataTypes.StringType));
    Column code = lower(label);
    for (var entry : dataset.labels().entrySet()) {
      code =
          when(lower(label).equalTo(entry.getKey().toLowerCase(Locale.ROOT)), entry.getValue())
              .otherwise(code);
    }
    Column known =
        when(code.isin("0", "entailment"), 0)
            .when(code.isin("1", "neutral"), 1)
            .when(code.isin("2", "contradiction"), 2);
    return judgement(
        lit("hypothesis"),
        col("hypothesis"),
        label,
        when(known.equalTo(0), 1).when(known.equalTo(2), 0),
        when(known.equalTo(0), "entailment")
            .when(known.equalTo(1), "neutral")
            .when(known.equalTo(2), "contradiction"));
  }
}
