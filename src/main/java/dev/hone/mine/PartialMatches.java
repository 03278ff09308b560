package dev.hone.mine;

import static org.apache.spark.sql.functions.array_intersect;
import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;

import dev.hone.config.StrategyConfig;
import dev.hone.config.TextAnalysis;
import dev.hone.encode.Texts;
import dev.hone.search.TermCounter;
import dev.hone.table.Columns;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Documents among BM25's first that hold some of a query's rarer terms and miss others.
 *
 * <p>A term is rare by the number of the data set's documents that hold it. One that no document
 * holds tells no document from another and does not count. A query with fewer than two rare terms
 * has no partial match.
 */
final class PartialMatches {
  private static final int FEWEST_RARE_TERMS = 2;

  private static final StructType TERMS =
      new StructType()
          .add("dataset", DataTypes.StringType)
          .add("id", DataTypes.StringType)
          .add("terms", DataTypes.createArrayType(DataTypes.StringType));

  private final MinerSearch search;
  private final StrategyConfig.PartialMatch options;

  PartialMatches(MinerSearch search, StrategyConfig.PartialMatch options) {
    this.search = search;
    this.options = options;
  }

  /**
   * Those of some hits that match in part, ranked anew in the same order.
   *
   * @param hits dataset, query_id, doc_id, rank, score
   */
  Dataset<Row> among(Dataset<Row> hits) {
    Dataset<Row> documents =
        terms(search.documents().select(col("dataset"), col("doc_id"), Texts.ofDocument()));
    Column held = size(array_intersect(col("rare"), col("terms"))).divide(size(col("rare")));
    Column rank =
        row_number()
            .over(Window.partitionBy("dataset", "query_id").orderBy(col("rank"), col("doc_id")));
    return hits.join(rareTerms(documents), Columns.names("dataset", "query_id"))
        .join(documents.withColumnRenamed("id", "doc_id"), Columns.names("dataset", "doc_id"))
        .withColumn("held", held)
        .filter(col("held").between(options.minHeld(), options.maxHeld()))
        .select(col("dataset"), col("query_id"), col("doc_id"), rank.as("rank"), col("score"));
  }

  /** dataset, query_id, rare: the query's rarest terms, two or more. */
  private Dataset<Row> rareTerms(Dataset<Row> documents) {
    Dataset<Row> frequencies =
        documents
            .select(col("dataset"), explode(col("terms")).as("term"))
            .groupBy("dataset", "term")
            .agg(count(lit(1)).as("documents"));
    Column place =
        row_number()
            .over(Window.partitionBy("dataset", "query_id").orderBy(col("documents"), col("term")));
    Column all = count(lit(1)).over(Window.partitionBy("dataset", "query_id"));
    Column rare =
        greatest(lit(FEWEST_RARE_TERMS), ceil(all.multiply(options.rareShare())).cast("int"));
    return terms(search.queries().select("dataset", "query_id", "text"))
        .select(col("dataset"), col("id").as("query_id"), explode(col("terms")).as("term"))
        .join(frequencies, Columns.names("dataset", "term"))
        .withColumn("place", place)
        .withColumn("rare_terms", rare)
        .filter(col("place").leq(col("rare_terms")))
        .groupBy("dataset", "query_id")
        .agg(collect_list("term").as("rare"))
        .filter(size(col("rare")).geq(FEWEST_RARE_TERMS));
  }

  /** The different terms of texts; rows are dataset, id, text. */
  private Dataset<Row> terms(Dataset<Row> texts) {
    return texts.mapPartitions(new CutIntoTerms(search.analysis()), Encoders.row(TERMS));
  }

  private record CutIntoTerms(TextAnalysis analysis) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      TermCounter counter = new TermCounter(analysis);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          boolean more = rows.hasNext();
          if (!more) {
            counter.close();
          }
          return more;
        }

        @Override
        public Row next() {
          Row row = rows.next();
          return RowFactory.create(
              row.getString(0),
              row.getString(1),
              counter.terms(row.getString(2)).keySet().toArray(String[]::new));
        }
      };
    }
  }
}
