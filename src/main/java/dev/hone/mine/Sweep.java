package dev.hone.mine;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.hone.encode.Texts;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Counts what each margin of a grid would keep of published candidates, so that a margin can be
 * chosen for a model. Nothing is searched or encoded.
 */
public final class Sweep {
  private static final List<Double> RELATIVE =
      List.of(0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5);
  private static final List<Double> ABSOLUTE = List.of(0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3);
  private static final String QUANTILES = "array(0.05D, 0.25D, 0.5D, 0.75D, 0.95D)";
  private static final int EXAMPLES = 10;

  /** A suggested margin keeps this share of the queries that a margin of 0 keeps. */
  private static final double QUERIES_TO_KEEP = 0.9;

  /** It keeps this share of those candidates, too, or what is left would all be easy. */
  private static final double CANDIDATES_TO_KEEP = 0.5;

  private final StageContext context;
  private final Commit normalForm;
  private final Rules rules;

  Sweep(StageContext context, Commit normalForm, Rules rules) {
    this.context = context;
    this.normalForm = normalForm;
    this.rules = rules;
  }

  /**
   * What a grid of margins keeps of what was searched for. Random documents and those that the data
   * judges are left out: hardly any margin drops the first, and none the second.
   *
   * @param candidates different (query, document) pairs of searching strategies that the other
   *     filters leave
   * @param queries training queries with a positive for which anything was found
   * @param lines one per margin; the first is none
   */
  public record Result(long candidates, long queries, List<Line> lines) {
    /** A sentence with the largest relative margin that keeps most queries and half the pairs. */
    public String advice() {
      if (candidates == 0) {
        return "The other filters leave no candidate, so no margin helps: raise mine.depth or name more strategies.";
      }
      List<Line> relative =
          lines.stream()
              .filter(line -> line.margin().kind() == Margin.Kind.RELATIVE)
              .filter(line -> Double.isFinite(line.margin().size()))
              .toList();
      Line smallest = relative.get(0);
      Line suggested =
          relative.stream()
              .filter(line -> line.queries() >= QUERIES_TO_KEEP * smallest.queries())
              .filter(line -> line.candidates() >= CANDIDATES_TO_KEEP * smallest.candidates())
              .reduce(smallest, (narrower, wider) -> wider);
      return String.format(
          Locale.ROOT,
          "Suggested: %s, with which %d of %d queries keep a negative (%.0f %% of the candidates).",
          suggested.margin().setting(),
          suggested.queries(),
          queries,
          100.0 * suggested.candidates() / candidates);
    }
  }

  /**
   * What one margin keeps.
   *
   * @param margin the margin
   * @param candidates how many pairs
   * @param queries for how many queries
   * @param gaps 5, 25, 50, 75 and 95 % quantiles of the positive's score less the candidate's;
   *     empty where nothing is kept
   * @param examples the hardest candidates kept, one per query
   */
  record Line(
      Margin margin, long candidates, long queries, List<Double> gaps, List<Example> examples) {}

  /**
   * A candidate beside the query's lowest positive.
   *
   * @param strategy which strategy found it
   * @param query the query's text
   * @param positive the positive's text
   * @param negative the candidate's text
   * @param positiveScore the filter scorer's score of the positive
   * @param score its score of the candidate
   */
  record Example(
      String strategy,
      String query,
      String positive,
      String negative,
      double positiveScore,
      double score) {}

  /**
   * Sweeps over candidates.
   *
   * @param candidates rows of {@code candidates}
   */
  Result of(Dataset<Row> candidates) {
    Column isSearched =
        col("strategy")
            .isin(
                rules.strategies().stream()
                    .filter(Rules.Strategy::isRanked)
                    .map(Rules.Strategy::name)
                    .toArray());
    try (Selection selection =
        new Selection(context, normalForm, rules.withoutMarginsAndQuotas(), candidates)) {
      Dataset<Row> pairs =
          selection
              .negatives()
              .filter(isSearched)
              .filter("filter_score is not null and filter_positive_score is not null")
              .withColumn("gap", col("filter_positive_score").minus(col("filter_score")))
              .persist(StorageLevel.MEMORY_AND_DISK());
      try {
        long queries =
            candidates
                .withColumnRenamed("miner", "strategy")
                .filter(isSearched)
                .filter("filter_positive_score is not null")
                .select("dataset", "query_id")
                .distinct()
                .count();
        return new Result(pairs.count(), queries, lines(pairs, grid(pairs)));
      } finally {
        pairs.unpersist();
      }
    }
  }

  /** None first; absolute margins in steps that fit the scale of the scorer. */
  private List<Margin> grid(Dataset<Row> pairs) {
    Row median = pairs.selectExpr("percentile(abs(filter_positive_score), 0.5D)").first();
    double scale = 1;
    if (!median.isNullAt(0) && median.getDouble(0) > 0) {
      scale = Math.pow(10, Math.rint(Math.log10(median.getDouble(0))));
    }
    TreeSet<Double> relative = new TreeSet<>(RELATIVE);
    TreeSet<Double> absolute = new TreeSet<>();
    for (double step : ABSOLUTE) {
      absolute.add(step * scale);
    }
    if (Double.isFinite(rules.relativeMargin())) {
      relative.add(rules.relativeMargin());
    }
    if (Double.isFinite(rules.absoluteMargin())) {
      absolute.add(rules.absoluteMargin());
    }
    List<Margin> grid = new ArrayList<>();
    grid.add(Margin.relative(Double.NEGATIVE_INFINITY));
    relative.forEach(size -> grid.add(Margin.relative(size)));
    absolute.forEach(size -> grid.add(Margin.absolute(size)));
    return grid;
  }

  private List<Line> lines(Dataset<Row> pairs, List<Margin> grid) {
    Column[] kept = new Column[grid.size()];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = keeps(grid.get(i));
    }
    Row gaps = pairs.select(each(kept.length, i -> quantiles(kept[i]))).first();
    Column[] perQuery = new Column[2 * kept.length];
    Column pair =
        struct(
            "gap",
            "doc_id",
            "strategy",
            "filter_score",
            "filter_positive_score",
            "filter_positive_id");
    for (int i = 0; i < kept.length; i++) {
      perQuery[2 * i] = count(when(kept[i], 1)).as("kept_" + i);
      perQuery[2 * i + 1] = min(when(kept[i], pair)).as("hardest_" + i);
    }
    Dataset<Row> queries =
        pairs
            .groupBy("dataset", "query_id")
            .agg(perQuery[0], Arrays.copyOfRange(perQuery, 1, perQuery.length))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Row candidates = queries.select(each(kept.length, i -> sum("kept_" + i))).first();
      Row counts =
          queries.select(each(kept.length, i -> count(when(col("kept_" + i).gt(0), 1)))).first();
      List<List<Row>> hardest = hardest(queries, grid);
      ExampleTexts texts = texts(hardest);
      return IntStream.range(0, kept.length)
          .mapToObj(
              i ->
                  new Line(
                      grid.get(i),
                      candidates.isNullAt(i) ? 0 : candidates.getLong(i),
                      counts.getLong(i),
                      gaps.isNullAt(i) ? List.of() : gaps.<Double>getList(i),
                      hardest.get(i).stream().map(texts::example).toList()))
          .toList();
    } finally {
      queries.unpersist();
    }
  }

  private static Column keeps(Margin margin) {
    return not(margin.drops(col("filter_score"), col("filter_positive_score")));
  }

  private static Column quantiles(Column kept) {
    return percentile(when(kept, col("gap")), expr(QUANTILES));
  }

  private static Column[] each(int count, IntFunction<Column> column) {
    return IntStream.range(0, count).mapToObj(column).toArray(Column[]::new);
  }

  /** For each margin the hardest pair of each query, the hardest of all first; ties by ids. */
  private static List<List<Row>> hardest(Dataset<Row> queries, List<Margin> grid) {
    Column isRelative = lit(false);
    for (int i = 0; i < grid.size(); i++) {
      if (grid.get(i).kind() == Margin.Kind.RELATIVE && Double.isFinite(grid.get(i).size())) {
        isRelative = isRelative.or(col("margin").equalTo(i));
      }
    }
    Column scale = when(isRelative, abs(col("pair.filter_positive_score"))).otherwise(1.0);
    Column place =
        row_number()
            .over(
                Window.partitionBy("margin")
                    .orderBy(col("pair.gap").divide(scale), col("dataset"), col("query_id")));
    Column[] pairs = each(grid.size(), i -> col("hardest_" + i));
    List<List<Row>> hardest = new ArrayList<>();
    grid.forEach(margin -> hardest.add(new ArrayList<>()));
    for (Row row :
        queries
            .select(
                col("dataset"),
                col("query_id"),
                posexplode(array(pairs)).as(new String[] {"margin", "pair"}))
            .filter(col("pair").isNotNull())
            .withColumn("place", place)
            .filter(col("place").leq(EXAMPLES))
            .orderBy("margin", "place")
            .select(
                "dataset",
                "query_id",
                "pair.doc_id",
                "pair.filter_positive_id",
                "pair.strategy",
                "pair.filter_positive_score",
                "pair.filter_score",
                "margin")
            .collectAsList()) {
      hardest.get(row.getInt(7)).add(row);
    }
    return hardest;
  }

  private ExampleTexts texts(List<List<Row>> hardest) {
    List<Row> queries = new ArrayList<>();
    List<Row> documents = new ArrayList<>();
    for (Row row : hardest.stream().flatMap(List::stream).distinct().toList()) {
      queries.add(RowFactory.create(row.getString(0), row.getString(1)));
      documents.add(RowFactory.create(row.getString(0), row.getString(2)));
      documents.add(RowFactory.create(row.getString(0), row.getString(3)));
    }
    return new ExampleTexts(
        texts(context.read(normalForm, Tables.QUERIES), "query_id", col("text"), queries),
        texts(context.read(normalForm, Tables.DOCUMENTS), "doc_id", Texts.ofDocument(), documents));
  }

  private Map<String, String> texts(Dataset<Row> table, String id, Column text, List<Row> wanted) {
    StructType keys =
        new StructType().add("dataset", DataTypes.StringType).add(id, DataTypes.StringType);
    Map<String, String> texts = new HashMap<>();
    for (Row row :
        table
            .join(
                context.spark().createDataFrame(wanted, keys),
                Columns.names("dataset", id),
                "left_semi")
            .select(col("dataset"), col(id), text)
            .collectAsList()) {
      texts.put(row.getString(0) + "\u0001" + row.getString(1), row.getString(2));
    }
    return texts;
  }

  /** The texts of examples, by data set and id. */
  private record ExampleTexts(Map<String, String> queries, Map<String, String> documents) {
    Example example(Row row) {
      String dataset = row.getString(0) + "\u0001";
      return new Example(
          row.getString(4),
          queries.get(dataset + row.getString(1)),
          documents.get(dataset + row.getString(3)),
          documents.get(dataset + row.getString(2)),
          row.getDouble(5),
          row.getDouble(6));
    }
  }
}
