package dev.hone.normalize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.DatasetConfig;
import dev.hone.config.NormalizeConfig;
import dev.hone.config.SourceConfig;
import dev.hone.config.SourceRole;
import dev.hone.normalize.source.SourceRows;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/** Ranking data sets: documents, queries and graded judgements from a source each, or from BEIR. */
final class RankingSources {
  static final String NO_QUERY = "no query has this query_id";
  static final String NO_DOCUMENT = "no document has this doc_id";
  static final String REFUSED = "its query or its document is refused";

  /** Some BEIR folders have a header over their judgements, some have none. */
  private static final String BEIR_JUDGEMENT =
      "not (query_id rlike '^query[-_]?id$' and try_cast(grade as int) is null)";

  private static final String PLACE =
      String.join(", ", SourceRows.FILE, SourceRows.BLOCK, SourceRows.NUMBER, SourceRows.CORRUPT);

  private final DatasetConfig dataset;
  private final NormalizeConfig options;
  private final boolean beir;

  RankingSources(DatasetConfig dataset, NormalizeConfig options) {
    this.dataset = dataset;
    this.options = options;
    this.beir = dataset.sources().containsKey(SourceRole.ROWS);
  }

  /**
   * The data set in the normal form; what the form's {@code kept} holds is released by the caller.
   */
  NormalForm form(SparkSession spark) {
    SourceRows documentSource = open(spark, SourceRole.DOCUMENTS);
    SourceRows querySource = open(spark, SourceRole.QUERIES);
    SourceRows qrelSource = open(spark, SourceRole.QRELS);
    Column group =
        documentSource.names("group")
            ? SourceColumns.groupId(dataset.name(), col("group"))
            : lit(null).cast(DataTypes.StringType);
    Dataset<Row> documents =
        documents(rows(documentSource, SourceRole.DOCUMENTS).withColumn("group_id", group))
            .persist(StorageLevel.DISK_ONLY());
    Dataset<Row> queries =
        queries(rows(querySource, SourceRole.QUERIES)).persist(StorageLevel.DISK_ONLY());
    Dataset<Row> qrels =
        judged(withoutExcluded(qrelSource, querySource, queries), queries, documents)
            .persist(StorageLevel.DISK_ONLY());
    String name = dataset.name();
    return new NormalForm(
        SourceForm.documents(name, good(documents)),
        SourceForm.queries(name, withSplit(good(queries), qrels)),
        SourceForm.judgements(name, good(qrels)),
        SourceForm.empty(spark, Tables.SCORED_PAIRS),
        SourceForm.rejects(name, documentSource, documents, List.of("doc_id", "title", "text"))
            .union(SourceForm.rejects(name, querySource, queries, List.of("query_id", "query")))
            .union(
                SourceForm.rejects(
                    name, qrelSource, qrels, List.of("query_id", "doc_id", "written"))),
        Map.of(
            SourceRole.DOCUMENTS, documents, SourceRole.QUERIES, queries, SourceRole.QRELS, qrels));
  }

  private static Dataset<Row> good(Dataset<Row> rows) {
    return rows.filter(col("problem").isNull());
  }

  private SourceRows open(SparkSession spark, SourceRole role) {
    SourceConfig source = beir ? beir(role) : dataset.source(role);
    return SourceRows.open(
        spark, "data set " + dataset.name() + ", " + (beir ? "source" : role.key()), role, source);
  }

  private Dataset<Row> rows(SourceRows source, SourceRole role) {
    String where =
        switch (role) {
          case QUERIES -> dataset.where();
          case QRELS -> beir ? BEIR_JUDGEMENT : "";
          case DOCUMENTS, ROWS -> "";
        };
    return source.rows(role.requiredColumns(dataset.type()), where);
  }

  /** Judgements but for those of queries that {@code where} leaves out. */
  private Dataset<Row> withoutExcluded(
      SourceRows qrels, SourceRows querySource, Dataset<Row> queries) {
    Dataset<Row> rows = rows(qrels, SourceRole.QRELS);
    if (dataset.where().isBlank()) {
      return rows;
    }
    Dataset<Row> all =
        querySource
            .rows(SourceRole.QUERIES.requiredColumns(dataset.type()), "")
            .select(id("id").as("_excluded"));
    Dataset<Row> excluded =
        all.join(queries, all.col("_excluded").equalTo(queries.col("query_id")), "left_anti");
    return rows.join(excluded, id("query_id").equalTo(col("_excluded")), "left_anti");
  }

  /** BEIR's files, read with their known columns, so that nothing is inferred. */
  private SourceConfig beir(SourceRole role) {
    String root = dataset.source().path();
    return switch (role) {
      case DOCUMENTS ->
          source(
              "json",
              root + "/corpus.jsonl{,.gz,.bz2,.zst}",
              Map.of("schema", "_id STRING, title STRING, text STRING"),
              Map.of("id", "_id"));
      case QUERIES ->
          source(
              "json",
              root + "/queries.jsonl{,.gz,.bz2,.zst}",
              Map.of("schema", "_id STRING, text STRING"),
              Map.of("id", "_id"));
      case QRELS ->
          source(
              "csv",
              root + "/qrels/*.tsv{,.gz,.bz2,.zst}",
              Map.of(
                  "sep", "\t",
                  "header", "false",
                  "schema", "query_id STRING, doc_id STRING, grade STRING"),
              Map.of());
      case ROWS -> throw new IllegalArgumentException("BEIR has no whole rows");
    };
  }

  private static SourceConfig source(
      String format, String path, Map<String, String> options, Map<String, String> columns) {
    return new SourceConfig(
        format, path, new TreeMap<>(options), List.of(), new TreeMap<>(columns));
  }

  private Column text(Dataset<Row> rows, String column) {
    return Arrays.asList(rows.columns()).contains(column)
        ? SourceColumns.clean(col(column), options)
        : lit(null).cast(DataTypes.StringType);
  }

  private Column domain(Dataset<Row> rows) {
    return coalesce(text(rows, "domain"), lit(dataset.domain()));
  }

  private static Column id(String column) {
    return trim(col(column).cast(DataTypes.StringType));
  }

  private static Column missing(String column) {
    return when(
        coalesce(col(column), lit("")).equalTo(""), concat(lit(column), lit(" is missing")));
  }

  private Dataset<Row> documents(Dataset<Row> rows) {
    Column title = expr("nullif(title, '')");
    Dataset<Row> cleaned =
        rows.withColumn("domain", domain(rows))
            .withColumn("title", text(rows, "title"))
            .withColumn("text", coalesce(SourceColumns.clean(col("text"), options), lit("")))
            .withColumn("doc_id", id("id"))
            .withColumn("title", title)
            .withColumn("source", col(SourceRows.PART));
    return cleaned
        .withColumn(
            "problem",
            SourceColumns.firstProblem(
                missing("doc_id"), SourceColumns.problem(lit("text"), SourceForm.whole(), options)))
        .selectExpr(columns("doc_id", "title", "text", "domain", "group_id", "source", "problem"));
  }

  private Dataset<Row> queries(Dataset<Row> rows) {
    return rows.withColumn("domain", domain(rows))
        .withColumn("query", SourceColumns.clean(col("text"), options))
        .withColumn("split", splitOfQueries())
        .withColumn("query_id", id("id"))
        .withColumn(
            "problem",
            SourceColumns.firstProblem(
                missing("query_id"), SourceColumns.problem(lit("text"), col("query"), options)))
        .selectExpr(columns("query_id", "query", "split", "domain", "problem"));
  }

  /** A query's own split; null where its judgements decide. */
  private Column splitOfQueries() {
    if (namesSplits(SourceRole.QUERIES)) {
      return col(SourceRows.SPLIT);
    }
    if (!dataset.split().column().isBlank()) {
      return SourceColumns.splitNamed(expr(dataset.split().column()));
    }
    if (beir || namesSplits(SourceRole.QRELS)) {
      return lit(null).cast(DataTypes.StringType);
    }
    Column key = expr(dataset.split().by()).cast(DataTypes.StringType);
    return SourceColumns.splitOf(coalesce(key, lit("")), dataset.split());
  }

  private static String[] columns(String... names) {
    return (PLACE + ", " + String.join(", ", names)).split(", ");
  }

  /** Judgements with their problem: no grade, or an id that is not there. */
  private Dataset<Row> judged(Dataset<Row> rows, Dataset<Row> queries, Dataset<Row> documents) {
    Column isGood = col("problem").isNull();
    Dataset<Row> written =
        rows.withColumn("query_id", id("query_id"))
            .withColumn("doc_id", id("doc_id"))
            .withColumn("written", col("grade").cast(DataTypes.StringType))
            .withColumn("grade", expr("try_cast(trim(cast(grade as string)) as int)"))
            .withColumn("origin", lit("qrels"))
            .withColumn("split", splitOfJudgements());
    Dataset<Row> knownQueries = queries.groupBy("query_id").agg(max(isGood).as("query_good"));
    Dataset<Row> knownDocuments = documents.groupBy("doc_id").agg(max(isGood).as("document_good"));
    return written
        .join(knownQueries, Columns.names("query_id"), "left")
        .join(knownDocuments, Columns.names("doc_id"), "left")
        .withColumn(
            "problem",
            SourceColumns.firstProblem(
                missing("query_id"),
                missing("doc_id"),
                when(
                    col("grade").isNull(),
                    concat(
                        lit("grade "),
                        coalesce(SourceColumns.shown(col("written")), lit("null")),
                        lit(" is no integer"))),
                when(col("query_good").isNull(), lit(NO_QUERY)),
                when(col("document_good").isNull(), lit(NO_DOCUMENT)),
                when(not(col("query_good").and(col("document_good"))), lit(REFUSED))))
        .selectExpr(
            columns("query_id", "doc_id", "grade", "written", "origin", "split", "problem"));
  }

  private boolean namesSplits(SourceRole role) {
    return !beir && dataset.source(role).namesSplits();
  }

  /** The split whose path, or whose file in a BEIR folder, a judgement was read from; or null. */
  private Column splitOfJudgements() {
    if (beir) {
      return SourceColumns.splitNamed(expr("regexp_extract(_file, '([^/.]*)[^/]*$', 1)"));
    }
    return namesSplits(SourceRole.QRELS)
        ? col(SourceRows.SPLIT)
        : lit(null).cast(DataTypes.StringType);
  }

  /** Queries with the splits that their judgements' files give, where these decide. */
  private Dataset<Row> withSplit(Dataset<Row> queries, Dataset<Row> qrels) {
    if (!dataset.split().column().isBlank()) {
      return queries;
    }
    if (beir || namesSplits(SourceRole.QRELS)) {
      Dataset<Row> splits = good(qrels).select("query_id", "split");
      Dataset<Row> judged = queries.drop("split").join(splits, Columns.names("query_id"), "left");
      return namesSplits(SourceRole.QUERIES) ? judged.unionByName(queries) : judged;
    }
    return queries;
  }
}
