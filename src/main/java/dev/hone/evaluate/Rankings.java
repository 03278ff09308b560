package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import dev.hone.config.StoredPrecision;
import dev.hone.encode.StoredVectors;
import dev.hone.encode.Texts;
import dev.hone.encode.VectorTable;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.metric.ScoredDocument;
import dev.hone.pipeline.StageContext;
import dev.hone.search.SearchUnit;
import dev.hone.search.spark.Bm25Search;
import dev.hone.search.spark.VectorSearch;
import dev.hone.table.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.CoGroupFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rankings of the evaluated queries: found by search, one for each form of the vectors over the
 * same published vectors, or read. Close it when its rows are read.
 */
final class Rankings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rankings.class);
  private static final StructType HITS =
      StructType.fromDDL("dataset STRING, query_id STRING, doc_id STRING, rank INT, score DOUBLE");

  private final StageContext context;
  private final Dataset<Row> documents;
  private final Dataset<Row> queries;
  private final int depth;
  private final int threads;
  private final List<Dataset<Row>> kept = new ArrayList<>();
  private Dataset<Row> identical;
  private int mostIdentical;

  /**
   * Searches of some documents.
   *
   * @param documents as the table
   * @param queries as the table
   * @param depth documents per query
   * @param threads libtorch's threads
   */
  Rankings(
      StageContext context, Dataset<Row> documents, Dataset<Row> queries, int depth, int threads) {
    this.context = context;
    this.documents = documents;
    this.queries = queries;
    this.depth = depth;
    this.threads = threads;
  }

  /** Leaves out documents whose whole text is the query's. */
  Rankings withoutIdentical() {
    identical =
        kept(
            documents
                .filter(col("doc_id").equalTo(col("parent_id")))
                .select(
                    col("dataset"), col("doc_id"), Texts.hash(Texts.ofDocument()).as("text_hash"))
                .join(
                    queries.select(
                        col("dataset"), col("query_id"), Texts.hash(col("text")).as("text_hash")),
                    Columns.names("dataset", "text_hash"))
                .select("dataset", "query_id", "doc_id"));
    Row counts =
        identical
            .groupBy("dataset", "query_id")
            .count()
            .selectExpr("count(*)", "coalesce(sum(count), 0)", "coalesce(max(count), 0)")
            .first();
    mostIdentical = Math.toIntExact(counts.getLong(2));
    LOG.info(
        "  {} document(s) with the text of one of {} queries are left out of its ranking",
        counts.getLong(1),
        counts.getLong(0));
    return this;
  }

  /**
   * What is found; a document counts by its best chunk.
   *
   * @param forms those to measure
   * @return dataset, query_id, doc_id, rank, score, form: its place among the forms
   * @throws HoneException if a run of another system answers no query, or one of several data sets
   */
  Dataset<Row> of(Ranker ranker, List<VectorForm> forms) {
    if (ranker instanceof Ranker.ByVectors vectors) {
      return byVectors(vectors.model(), forms);
    }
    Dataset<Row> hits;
    if (ranker instanceof Ranker.ByTerms terms) {
      hits = byTerms(terms.search(), depth);
    } else if (ranker instanceof Ranker.Fused fused) {
      hits = fused(fused);
    } else {
      hits = read(((Ranker.ByRun) ranker).run());
    }
    return hits.withColumn("form", lit(0));
  }

  private Dataset<Row> byTerms(Bm25Search search, int most) {
    return first(search.search(queries, SearchUnit.PARENT, most + mostIdentical), most);
  }

  private Dataset<Row> parents() {
    return documents.withColumn("doc_id", col("parent_id"));
  }

  private Dataset<Row> byVectors(MeasuredModel model, List<VectorForm> forms) {
    VectorTable table = new VectorTable(context, model.vectors());
    boolean again = forms.size() > 1;
    Dataset<Row> all = again ? kept(table.documents(parents())) : table.documents(parents());
    Dataset<Row> asked = again ? kept(table.queries(queries)) : table.queries(queries);
    Dataset<Row> hits = null;
    for (int form = 0; form < forms.size(); form++) {
      Dataset<Row> found = search(all, asked, forms.get(form), depth).withColumn("form", lit(form));
      hits = hits == null ? found : hits.union(found);
    }
    return hits;
  }

  /** Joined with their vectors once, however many forms are searched. */
  private Dataset<Row> kept(Dataset<Row> rows) {
    Dataset<Row> persisted = rows.persist(StorageLevel.MEMORY_AND_DISK());
    kept.add(persisted);
    return persisted;
  }

  private Dataset<Row> search(Dataset<Row> all, Dataset<Row> asked, VectorForm form, int most) {
    Dataset<Row> texts = StoredVectors.shortened(all, form.dimensions());
    Dataset<Row> queried = StoredVectors.shortened(asked, form.dimensions());
    VectorSearch search = new VectorSearch(context.spark(), threads);
    int k = most + mostIdentical;
    return first(
        switch (form.precision()) {
          case FP32 -> search.search(texts, queried, SearchUnit.PARENT, k);
          case INT8 -> search.search(StoredVectors.int8(texts), queried, SearchUnit.PARENT, k);
          case BINARY ->
              search.searchBinary(StoredVectors.binary(texts), queried, SearchUnit.PARENT, k);
        },
        most);
  }

  /** The first ones that are not left out, with their new ranks. */
  private Dataset<Row> first(Dataset<Row> hits, int most) {
    return identical == null
        ? hits
        : without(hits)
            .withColumn(
                "rank",
                row_number().over(Window.partitionBy("dataset", "query_id").orderBy("rank")))
            .filter(col("rank").leq(most))
            .select(Columns.of(HITS.fieldNames()));
  }

  private Dataset<Row> without(Dataset<Row> hits) {
    return identical == null
        ? hits
        : hits.join(identical, Columns.names("dataset", "query_id", "doc_id"), "left_anti");
  }

  private Dataset<Row> fused(Ranker.Fused ranker) {
    int most = Math.max(depth, RankFusion.DEPTH);
    VectorTable table = new VectorTable(context, ranker.model().vectors());
    VectorForm whole = VectorForm.of(ranker.model().dims(), List.of(StoredPrecision.FP32)).get(0);
    Dataset<Row> byModel = search(table.documents(parents()), table.queries(queries), whole, most);
    MapFunction<Row, String> query = row -> row.getString(0) + "\u0001" + row.getString(1);
    return byTerms(ranker.search(), most)
        .groupByKey(query, Encoders.STRING())
        .cogroup(byModel.groupByKey(query, Encoders.STRING()), new Fuse(depth), Encoders.row(HITS));
  }

  private record Fuse(int depth) implements CoGroupFunction<String, Row, Row, Row> {
    @Override
    public Iterator<Row> call(String key, Iterator<Row> terms, Iterator<Row> vectors) {
      String dataset = key.substring(0, key.indexOf('\u0001'));
      String query = key.substring(key.indexOf('\u0001') + 1);
      List<Row> rows = new ArrayList<>();
      for (ScoredDocument document :
          RankFusion.fuse(List.of(ranked(terms), ranked(vectors)), depth)) {
        rows.add(
            RowFactory.create(
                dataset, query, document.documentId(), rows.size() + 1, document.score()));
      }
      return rows.iterator();
    }

    private static List<String> ranked(Iterator<Row> hits) {
      List<Row> rows = new ArrayList<>();
      hits.forEachRemaining(rows::add);
      rows.sort(Comparator.comparingInt(row -> row.getInt(3)));
      return rows.stream().map(row -> row.getString(2)).toList();
    }
  }

  /** A run's lines for evaluated queries, whatever their number. */
  private Dataset<Row> read(TrecRun run) {
    Dataset<Row> asked =
        queries.filter(col("dataset").isin(run.datasets().toArray())).select("dataset", "query_id");
    if (run.datasets().size() > 1) {
      refuseShared(run, asked);
    }
    return without(
        run.lines(context.spark())
            .join(asked, "query_id")
            .withColumn("rank", lit(0))
            .select(Columns.of(HITS.fieldNames())));
  }

  private void refuseShared(TrecRun run, Dataset<Row> asked) {
    List<Row> shared =
        asked
            .groupBy("query_id")
            .agg(collect_set("dataset").as("datasets"))
            .filter("size(datasets) > 1")
            .join(run.lines(context.spark()), Columns.names("query_id"), "left_semi")
            .orderBy("query_id")
            .limit(1)
            .collectAsList();
    if (!shared.isEmpty()) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot evaluate the run %s: its query %s stands in several data sets, %s. Give each data set a run of its own, by datasets = [name] in evaluate.runs."
              .formatted(
                  run.name(),
                  shared.get(0).getString(0),
                  shared.get(0).<String>getList(1).stream().sorted().toList()));
    }
  }

  @Override
  public void close() {
    kept.forEach(Dataset::unpersist);
  }
}
