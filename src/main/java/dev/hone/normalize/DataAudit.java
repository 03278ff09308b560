package dev.hone.normalize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.DatasetConfig;
import dev.hone.config.NormalizeConfig;
import dev.hone.table.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Looks through the tables of the normal form for what makes numbers lie: leakage, contradictory
 * labels, repeated ids, queries without an answer, texts that the model will not see whole.
 */
final class DataAudit {
  private static final int SHOWN = 80;

  /** All that examples need: whole texts would go through every join. */
  private static final String START = "substring(text, 1, %d)".formatted(SHOWN);

  private final WrittenForm form;
  private final List<DatasetConfig> datasets;
  private final NormalizeConfig options;
  private final int maxLength;
  private final Object[] trained;

  /** Whose rows say their split themselves; a word that is none leaves them out. */
  private final Object[] dealt;

  /** WordNet's other types grade relatives, which are others' answers, and are not trained on. */
  private final Object[] answered;

  /**
   * An audit of all data sets.
   *
   * @param maxLength the most tokens that the model sees of a text
   */
  DataAudit(
      WrittenForm form, List<DatasetConfig> datasets, NormalizeConfig options, int maxLength) {
    this.form = form;
    this.options = options;
    this.datasets = datasets;
    this.maxLength = maxLength;
    this.trained =
        datasets.stream().filter(DatasetConfig::trainOn).map(DatasetConfig::name).toArray();
    this.dealt =
        datasets.stream()
            .filter(dataset -> !dataset.split().column().isBlank())
            .map(DatasetConfig::name)
            .toArray();
    this.answered =
        datasets.stream()
            .filter(
                dataset ->
                    dataset.trainOn()
                        || dataset.sources().values().stream().noneMatch(one -> one.isWordNet()))
            .map(DatasetConfig::name)
            .toArray();
  }

  /**
   * All findings, by data set, split and check.
   *
   * @param rejects what was counted while the sources were read
   */
  List<Finding> findings(List<Finding> rejects) {
    List<Callable<List<Finding>>> checks = new ArrayList<>();
    // One query each: Spark plans a union of all of them anew after each of its many stages.
    for (Dataset<Row> counted :
        List.of(
            sizes(),
            leakage(),
            conflicts("label-conflict", form.judgements(), "concat(query_id, ' ', doc_id)"),
            conflicts("score-conflict", form.scoredPairs(), "pair_id"),
            conflicts("repeated-id", ids(), "id"),
            undecoded(),
            duplicates(),
            unanswered(),
            cut(form.documents(), "truncation"),
            cut(relevant(), "truncation-relevant"),
            cut(form.queries(), "truncation-queries"),
            missingIds())) {
      checks.add(() -> found(counted));
    }
    if (options.groupsNearDuplicates()) {
      checks.add(() -> found(nearLeakage()));
    }
    checks.add(() -> rejects);
    checks.add(() -> new Advice(datasets).findings(trainingRows()));
    List<Finding> findings = new ArrayList<>(AtOnce.all(checks));
    findings.sort(
        Comparator.comparing(Finding::dataset)
            .thenComparing(Finding::split)
            .thenComparing(Finding::check));
    return findings;
  }

  private static List<Finding> found(Dataset<Row> counted) {
    return counted.collectAsList().stream().map(DataAudit::finding).toList();
  }

  private static Finding finding(Row row) {
    long count = row.getLong(4);
    return new Finding(
        row.getString(0),
        row.getString(1),
        row.getString(2),
        count > 0 ? row.getString(3) : "info",
        count,
        row.getLong(5),
        row.getString(6));
  }

  /** dataset, split, check, severity where anything is found, count, looked_at, examples. */
  private static Dataset<Row> checked(
      Dataset<Row> counted, Column split, String check, String severity) {
    return counted.select(
        col("dataset"),
        split.as("split"),
        lit(check).as("check"),
        lit(severity).as("severity"),
        col("count"),
        col("looked_at"),
        col("examples"));
  }

  /** The first and the last of some texts: examples in memory that their number does not change. */
  private static Column examples(String found, String text) {
    String shown = "substring(%s, 1, %d)".formatted(text, SHOWN);
    String first = "min(if(%s, %s, null))".formatted(found, shown);
    String last = "max(if(%s, %s, null))".formatted(found, shown);
    return expr("concat_ws('; ', %s, nullif(%s, %s))".formatted(first, last, first)).as("examples");
  }

  private static Column[] counts(String found, String text) {
    return new Column[] {
      expr("count_if(%s)".formatted(found)).as("count"),
      count(lit(1)).as("looked_at"),
      examples(found, text)
    };
  }

  private static Dataset<Row> counted(
      Dataset<Row> rows, String found, String text, String... groups) {
    Column[] counts = counts(found, text);
    return rows.groupBy(Columns.of(groups)).agg(counts[0], counts[1], counts[2]);
  }

  private Dataset<Row> sizes() {
    Dataset<Row> queries =
        checked(
                size(form.queries().groupBy("dataset", "split").count()),
                col("split"),
                "queries",
                "info")
            .withColumn(
                "severity",
                when(col("split").equalTo("none").and(col("dataset").isin(dealt)), "warning")
                    .otherwise("info"));
    Dataset<Row> pairs =
        checked(
            size(form.scoredPairs().groupBy("dataset", "split").count()),
            col("split"),
            "scored-pairs",
            "info");
    return queries.union(pairs);
  }

  private static Dataset<Row> size(Dataset<Row> counted) {
    return counted
        .withColumn("looked_at", lit(0L))
        .withColumn("examples", lit(null).cast("string"));
  }

  /** Texts of test queries and of their answers that stand in training rows of any data set. */
  private Dataset<Row> leakage() {
    return counted(
            held("content_hash").join(seen("content_hash"), Columns.names("content_hash"), "left"),
            "seen = 1",
            "text",
            "dataset")
        .transform(rows -> checked(rows, lit("test"), "leakage", "error"));
  }

  /** The same for texts that are nearly the same; those of one intent are not. */
  private Dataset<Row> nearLeakage() {
    Dataset<Row> exact = seen("content_hash").withColumnRenamed("seen", "exact");
    return counted(
            held("group_id")
                .join(seen("group_id"), Columns.names("group_id"), "left")
                .join(exact, Columns.names("content_hash"), "left"),
            "seen = 1 and exact is null",
            "text",
            "dataset")
        .transform(rows -> checked(rows, lit("test"), "near-leakage", "warning"));
  }

  /** Texts of test queries and of their answers. */
  private Dataset<Row> held(String key) {
    Column isTest = col("split").equalTo("test");
    return texts(isTest.and(col("dataset").isin(answered)), isTest)
        .filter(col(key).isNotNull())
        .groupBy("dataset", "content_hash")
        .agg(functions.min("group_id").as("group_id"), functions.min("text").as("text"));
  }

  private Dataset<Row> seen(String key) {
    Column inTraining = col("split").equalTo("train").and(col("dataset").isin(trained));
    return texts(inTraining, inTraining)
        .filter(col(key).isNotNull())
        .select(key)
        .distinct()
        .withColumn("seen", lit(1));
  }

  /**
   * dataset, content_hash, group_id (of near-duplicates), text of queries and of the documents that
   * answer some.
   */
  private Dataset<Row> texts(Column answered, Column asked) {
    Column[] columns = {
      col("dataset"), col("content_hash"), col("group_id"), expr(START).as("text")
    };
    return positives()
        .filter(answered)
        .select(columns)
        .union(form.queries().filter(asked).select(columns))
        .withColumn("group_id", when(NearDuplicates.isGroup(col("group_id")), col("group_id")));
  }

  /** Positive judgements with their query's split and their document's content. */
  private Dataset<Row> positives() {
    return form.judgements()
        .filter("grade > 0")
        .join(
            form.queries().select("dataset", "query_id", "split"),
            Columns.names("dataset", "query_id"))
        .join(
            form.documents().select("dataset", "doc_id", "content_hash", "group_id", "text"),
            Columns.names("dataset", "doc_id"));
  }

  private static Dataset<Row> conflicts(String check, Dataset<Row> rows, String id) {
    return checked(counted(rows, "conflict", id, "dataset"), lit("all"), check, "warning");
  }

  /** dataset, id, conflict of all documents and queries. */
  private Dataset<Row> ids() {
    return form.documents()
        .select(col("dataset"), col("doc_id").as("id"), col("conflict"))
        .union(form.queries().select("dataset", "query_id", "conflict"));
  }

  /** Documents with characters that could not be decoded, few enough to keep them. */
  private Dataset<Row> undecoded() {
    String found = "contains(concat_ws(' ', title, text), '%s')".formatted(SourceColumns.UNDECODED);
    return checked(
        counted(form.documents(), found, "doc_id", "dataset"), lit("all"), "undecoded", "warning");
  }

  /** Documents of several ids that have one text. */
  private Dataset<Row> duplicates() {
    Dataset<Row> texts =
        form.documents()
            .groupBy("dataset", "content_hash")
            .agg(count(lit(1)).as("ids"), functions.min("doc_id").as("doc_id"));
    Dataset<Row> counted =
        texts
            .groupBy("dataset")
            .agg(
                expr("sum(ids) - count(*)").as("count"),
                expr("sum(ids)").as("looked_at"),
                examples("ids > 1", "doc_id"));
    return checked(counted, lit("all"), "duplicate-documents", "info");
  }

  /** Queries of a split that no document answers. */
  private Dataset<Row> unanswered() {
    Dataset<Row> answered =
        form.judgements()
            .filter("grade > 0")
            .select("dataset", "query_id")
            .distinct()
            .withColumn("answered", lit(true));
    Dataset<Row> counted =
        counted(
            form.queries().join(answered, Columns.names("dataset", "query_id"), "left"),
            "answered is null",
            "text",
            "dataset",
            "split");
    return checked(counted, col("split"), "no-positive", "warning");
  }

  private Dataset<Row> relevant() {
    return form.documents()
        .join(
            form.judgements().filter("grade > 0").select("dataset", "doc_id"),
            Columns.names("dataset", "doc_id"),
            "left_semi");
  }

  /** Texts that max-length cuts, with the lengths of all. */
  private Dataset<Row> cut(Dataset<Row> rows, String check) {
    Dataset<Row> counted =
        rows.groupBy("dataset")
            .agg(
                expr("count_if(tokens > %d)".formatted(maxLength)).as("count"),
                count(lit(1)).as("looked_at"),
                expr("format_string('median %d, 95 %% up to %d, most %d tokens; the model sees "
                        + maxLength
                        + "', cast(percentile_disc(0.5) within group (order by tokens) as int),"
                        + " cast(percentile_disc(0.95) within group (order by tokens) as int), max(tokens))")
                    .as("examples"));
    return checked(counted, lit("all"), check, "warning");
  }

  /** Judgements of queries or documents that are not there; they are rejects. */
  private Dataset<Row> missingIds() {
    String missing = "reason in ('%s', '%s', '%s')";
    Dataset<Row> counted =
        counted(
                form.rejects(),
                missing.formatted(
                    RankingSources.NO_QUERY, RankingSources.NO_DOCUMENT, RankingSources.REFUSED),
                "record",
                "dataset")
            .withColumn("looked_at", lit(0L));
    return checked(counted, lit("all"), "missing-id", "warning");
  }

  /** Rows of training, or queries of a ranking set, by data set. */
  private Map<String, Long> trainingRows() {
    Map<String, Long> rows = new TreeMap<>();
    Dataset<Row> positives =
        form.judgements()
            .filter("grade > 0")
            .join(
                form.queries().filter("split = 'train'").select("dataset", "query_id"),
                Columns.names("dataset", "query_id"))
            .groupBy("dataset")
            .agg(count(lit(1)).as("rows"), expr("count(distinct query_id)").as("queries"));
    Map<String, DatasetConfig> byName = new HashMap<>();
    datasets.forEach(dataset -> byName.put(dataset.name(), dataset));
    for (Row row : positives.collectAsList()) {
      boolean perQuery = byName.get(row.getString(0)).type().countsQueries();
      rows.put(row.getString(0), row.getLong(perQuery ? 2 : 1));
    }
    for (Row row :
        form.scoredPairs().filter("split = 'train'").groupBy("dataset").count().collectAsList()) {
      rows.put(row.getString(0), row.getLong(1));
    }
    return rows;
  }
}
