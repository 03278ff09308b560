package dev.hone.table;

import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Every table that Hone publishes, declared in one place. */
public final class Tables {
  private static final DataType STRING = DataTypes.StringType;
  private static final DataType INT = DataTypes.IntegerType;
  private static final DataType LONG = DataTypes.LongType;
  private static final DataType DOUBLE = DataTypes.DoubleType;
  private static final DataType FLOAT = DataTypes.FloatType;
  private static final DataType BOOLEAN = DataTypes.BooleanType;

  /** The corpus: each text once. */
  public static final TableDefinition DOCUMENTS =
      table("documents", List.of("dataset", "doc_id"))
          .column("dataset", STRING, "name of the data set")
          .column("doc_id", STRING, "id within the data set; a content hash where it has none")
          .column("parent_id", STRING, "the document that a chunk was cut from; else doc_id")
          .column("chunk", INT, "position among the parent's chunks, from 0")
          .column("title", STRING, "title, or null")
          .column("text", STRING, "the text, cleaned")
          .column("domain", STRING, "domain of the data set or row, or null")
          .column("content_hash", STRING, "SHA-256 of title and text")
          .column("group_id", STRING, "near-duplicates, intents; null where none")
          .column("conflict", BOOLEAN, "whether the source has other texts or groups under this id")
          .column("tokens", INT, "with prompt, title and special tokens, before max-length cuts")
          .column("source", STRING, "first folder of its file below the source's path, or the file")
          .build();

  /** The queries (anchors, premises) of all data sets. */
  public static final TableDefinition QUERIES =
      table("queries", List.of("dataset", "query_id"))
          .column("dataset", STRING, "name of the data set")
          .column("query_id", STRING, "id within the data set; a content hash where it has none")
          .column("text", STRING, "the text, cleaned")
          .column("split", STRING, "train, validation, test, or none")
          .column("domain", STRING, "domain of the data set or row, or null")
          .column("content_hash", STRING, "SHA-256 of the text")
          .column("group_id", STRING, "near-duplicates; null where none")
          .column("tokens", INT, "with prompt and special tokens, before max-length cuts")
          .column("conflict", BOOLEAN, "whether the source has other texts under this id")
          .build();

  /** Which document answers which query, and how well. */
  public static final TableDefinition JUDGEMENTS =
      table("judgements", List.of("dataset", "query_id", "doc_id"))
          .column("dataset", STRING, "name of the data set")
          .column("query_id", STRING, "a query")
          .column("doc_id", STRING, "a document")
          .column("grade", INT, "relevance; 0: judged not relevant; null: neither")
          .column("origin", STRING, "qrels, pair, triplet, entailment, contradiction, neutral, ...")
          .column("conflict", BOOLEAN, "whether the source has other grades; the highest is here")
          .build();

  /** Pairs of texts with a similarity score (STS). */
  public static final TableDefinition SCORED_PAIRS =
      table("scored_pairs", List.of("dataset", "pair_id"))
          .column("dataset", STRING, "name of the data set")
          .column("pair_id", STRING, "id within the data set")
          .column("text_a", STRING, "first text")
          .column("text_b", STRING, "second text")
          .column("score", DOUBLE, "similarity as given; higher is more similar")
          .column("score_min", DOUBLE, "lowest score possible")
          .column("score_max", DOUBLE, "highest score possible")
          .column("split", STRING, "train, validation, test, or none")
          .column("score_scaled", DOUBLE, "score from 0, the lowest possible, to 1, the highest")
          .column("conflict", BOOLEAN, "whether the source has other scores; the lowest is here")
          .build();

  /** Records that were refused, with their position and the reason. */
  public static final TableDefinition REJECTS =
      table("rejects", List.of("dataset", "source", "position"))
          .column("dataset", STRING, "name of the data set")
          .column("source", STRING, "where the record came from")
          .column("position", STRING, "where in the source")
          .column("reason", STRING, "why it was refused")
          .column("record", STRING, "its first 500 characters")
          .build();

  /** What was checked in the data before training, and what was found. */
  public static final TableDefinition AUDIT =
      table("audit", List.of("dataset", "split", "check"))
          .column("dataset", STRING, "name of the data set")
          .column("split", STRING, "the split looked at, or all")
          .column("check", STRING, "leakage, label-conflict, truncation, ...: see the README")
          .column("severity", STRING, "info, warning or error")
          .column("count", LONG, "how many were found")
          .column("share", DOUBLE, "count as a share of what was looked at")
          .column("examples", STRING, "a few of them, or null")
          .build();

  /** Vectors of every distinct text, by the role that its prompt gives it. */
  public static final TableDefinition VECTORS =
      table("vectors", List.of("role", "content_hash"))
          .column("role", STRING, "query or document")
          .column("content_hash", STRING, "SHA-256 of the text encoded")
          .column("vector", DataTypes.createArrayType(FLOAT), "the model's embedding, fp32")
          .column("truncated", BOOLEAN, "whether max-length cut the text")
          .build();

  /** How many texts of each data set the maximum length cut. */
  public static final TableDefinition TRUNCATION_COUNTS =
      table("truncation_counts", List.of("dataset", "role"))
          .column("dataset", STRING, "name of the data set")
          .column("role", STRING, "query or document")
          .column("texts", LONG, "distinct texts that were encoded")
          .column("truncated", LONG, "those of them that max-length cut")
          .column("share", DOUBLE, "truncated as a share of texts")
          .build();

  /** What BM25 knows of each shard of an index; a collection's statistics are the sums. */
  public static final TableDefinition INDEX_SHARDS =
      table("index_shards", List.of("dataset", "shard", "field"))
          .column("dataset", STRING, "name of the data set")
          .column("shard", INT, "the shard, from 0")
          .column("field", STRING, "the field of the documents")
          .column("artifact", STRING, "name of the folder that holds the shard")
          .column("documents", LONG, "documents of the shard, chunks each for itself")
          .column("documents_with_terms", LONG, "those with a term in the field")
          .column("term_occurrences", LONG, "terms of all documents, as often as they stand")
          .column("postings", LONG, "pairs of a term and a document that holds it")
          .volatileColumns("artifact")
          .build();

  /** What each miner found for each training query, before any filter. */
  public static final TableDefinition CANDIDATES =
      table("candidates", List.of("dataset", "query_id", "miner", "rank"))
          .column("dataset", STRING, "name of the data set")
          .column("query_id", STRING, "a training query")
          .column("doc_id", STRING, "the document found")
          .column("round", INT, "mining round, from 0")
          .column("miner", STRING, "the strategy's name: bm25, dense, given, ...")
          .column("miner_digest", STRING, "digest of the model, index or data that it asked")
          .column("rank", INT, "position in the strategy's order, from 1")
          .column("score", DOUBLE, "the miner's score; higher is nearer; null where it has none")
          .column("filter_score", DOUBLE, "the filter scorer's score of query and document")
          .column("filter_positive_score", DOUBLE, "its score of the query's lowest positive")
          .column("filter_digest", STRING, "digest of the filter scorer's model")
          .column("filter_positive_id", STRING, "the query's lowest positive")
          .build();

  /** The filter scorer's scores of the known positives of queries that have candidates. */
  public static final TableDefinition POSITIVE_SCORES =
      table("positive_scores", List.of("dataset", "query_id", "doc_id"))
          .column("dataset", STRING, "name of the data set")
          .column("query_id", STRING, "a training query")
          .column("doc_id", STRING, "a document that answers it")
          .column("filter_score", DOUBLE, "the filter scorer's score of query and document")
          .column("filter_digest", STRING, "digest of the filter scorer's model")
          .build();

  /** The hard negatives that training uses. */
  public static final TableDefinition NEGATIVES =
      table("negatives", List.of("dataset", "query_id", "doc_id", "round"))
          .column("dataset", STRING, "name of the data set")
          .column("query_id", STRING, "a training query")
          .column("doc_id", STRING, "its hard negative")
          .column("round", INT, "mining round, from 0")
          .column("strategy", STRING, "the strategy's name: bm25, dense, given, ...")
          .column("miner", STRING, "the same as in candidates; null for given")
          .column("miner_digest", STRING, "digest of the model, index or data that it asked")
          .column("rank", INT, "position in the strategy's order, from 1")
          .column("score", DOUBLE, "the miner's score, or null")
          .column("filter_score", DOUBLE, "the filter scorer's score of query and document")
          .column("filter_positive_score", DOUBLE, "its score of the query's lowest positive")
          .column("agreement", INT, "how many different indexes and models found it")
          .column(
              "difficulty",
              DOUBLE,
              "from 0 (easy) to 1 (as near as the positive), by filter score, ranks, agreement")
          .build();

  /** How many candidates each filter kept and dropped. */
  public static final TableDefinition FILTER_COUNTS =
      table("filter_counts", List.of("dataset", "round", "strategy", "filter"))
          .column("dataset", STRING, "name of the data set")
          .column("round", INT, "mining round, from 0")
          .column("strategy", STRING, "the strategy's name")
          .column(
              "filter",
              STRING,
              "known-positive, own-text, held-out, window, relative-margin, quota, ...")
          .column("kept", LONG, "candidates that passed it")
          .column("dropped", LONG, "candidates that it dropped")
          .build();

  /** Which row, a query with a positive or a scored pair, goes to which place of which batch. */
  public static final TableDefinition BATCH_PLAN =
      table("batch_plan", List.of("epoch", "step", "slot"))
          .column("dataset", STRING, "name of the data set; a batch comes from one")
          .column("epoch", INT, "pass over the data, from 0")
          .column("step", INT, "optimizer update over the whole run, from 0")
          .column("slot", INT, "place in the global batch, from 0")
          .column("query_id", STRING, "the row's query, or its scored pair's pair_id")
          .column("doc_id", STRING, "the row's positive; null for a scored pair")
          .column("negatives", DataTypes.createArrayType(STRING), "its hard negatives' ids")
          .build();

  /** Where the rows of each epoch went; max-steps, which may end the plan before, left aside. */
  public static final TableDefinition PLAN_COUNTS =
      table("plan_counts", List.of("epoch", "dataset"))
          .column("epoch", INT, "pass over the data, from 0")
          .column("dataset", STRING, "name of the data set")
          .column("updates", LONG, "optimizer updates of the data set, max-steps aside")
          .column("rows", LONG, "its training rows: planned, tail and rest together")
          .column(
              "planned", LONG, "rows of these updates, also where max-steps ends the run before")
          .column("tail", LONG, "rows left out because they do not fill a batch")
          .column("rest", LONG, "rows left out because another data set has no more (round-robin)")
          .build();

  /** One row per optimizer update. */
  public static final TableDefinition TRAINING_LOG =
      table("training_log", List.of("step"))
          .column("step", INT, "optimizer update, from 0")
          .column("epoch", INT, "pass over the data, from 0")
          .column("dataset", STRING, "data set of the batch")
          .column("loss", DOUBLE, "mean over the rows of the update; of cosent, over its batches")
          .column("learning_rate", DOUBLE, "of this update")
          .column("gradient_norm", DOUBLE, "global L2 norm before clipping")
          .column("examples_per_second", DOUBLE, "rows per second of this update")
          .column("tokens_per_second", DOUBLE, "tokens per second of this update")
          .volatileColumns("examples_per_second", "tokens_per_second")
          .build();

  /**
   * The rows of {@link #TRAINING_LOG} of a part of training that another one follows; the log joins
   * them when training ends, so no reader is shown this table.
   */
  public static final TableDefinition SEGMENT_LOG =
      new TableDefinition(
          "segment_log",
          TRAINING_LOG.version(),
          TRAINING_LOG.schema(),
          TRAINING_LOG.key(),
          TRAINING_LOG.volatileColumns());

  /** What the model was worth on the validation splits while it was trained. */
  public static final TableDefinition VALIDATION_LOG =
      table("validation_log", List.of("step", "dataset"))
          .column("step", INT, "updates done; 0: the base model")
          .column("epoch", INT, "pass over the data of the last update, from 0")
          .column("dataset", STRING, "a data set, by its split validation")
          .column("metric", STRING, "its primary metric, as in run_metrics")
          .column("k", INT, "cut-off; null where the metric has none")
          .column("value", DOUBLE, "of the model at this step; higher is better")
          .column("base_value", DOUBLE, "of the base model")
          .column(
              "criterion", DOUBLE, "mean over the data sets of value's change, relative to base")
          .column("best", BOOLEAN, "whether this is the step of the tuned model")
          .build();

  /** What is worth changing about a training, with what was seen; no row where nothing is. */
  public static final TableDefinition ADVICE =
      table("advice", List.of("step_from", "kind", "dataset"))
          .column("step_from", INT, "first step looked at, from 0")
          .column("step_to", INT, "last step looked at")
          .column("kind", STRING, "plateaus, oscillates, overfits, ...: see the README")
          .column("evidence", STRING, "what was seen, with its numbers")
          .column("suggestion", STRING, "what to change")
          .column("dataset", STRING, "the data set that it was seen on; * is all of them")
          .build();

  /** What tune tried. */
  public static final TableDefinition TRIALS =
      table("trials", List.of("rung", "trial"))
          .column("trial", INT, "number of the trial, from 1")
          .column("parameters", STRING, "the keys that it sets, with their values")
          .column("rung", INT, "from 0; the last one's trials are trained to their end")
          .column("metric", STRING, "what value is; null where the trial failed")
          .column("value", DOUBLE, "on the validation split; higher is better")
          .column("seconds", DOUBLE, "of training")
          .column("status", STRING, "continued, dropped, finished, best, failed")
          .column("updates", INT, "that it was trained for")
          .column("trial_run_id", STRING, "the run that it is published as")
          .volatileColumns("seconds")
          .build();

  /** Each model's ranking of the test queries' documents, by whole vectors in fp32. */
  public static final TableDefinition RANKINGS =
      table("rankings", List.of("model", "dataset", "query_id", "rank"))
          .column("model", STRING, "base, tuned, bm25, ...")
          .column("dataset", STRING, "name of the data set")
          .column("query_id", STRING, "a query")
          .column("doc_id", STRING, "a document")
          .column("rank", INT, "position as trec_eval orders it, from 1")
          .column("score", DOUBLE, "the model's score; higher is nearer")
          .build();

  /** Ranking metrics per query. */
  public static final TableDefinition QUERY_METRICS =
      table(
              "query_metrics",
              List.of("model", "dataset", "split", "query_id", "dim", "precision", "metric", "k"))
          .column("model", STRING, "base, tuned, bm25, ...")
          .column("dataset", STRING, "name of the data set")
          .column("split", STRING, "split of the queries")
          .column("query_id", STRING, "a query")
          .column("dim", INT, "first dimensions that are compared; null where no vectors are")
          .column("precision", STRING, "fp32, int8 or binary; null where no vectors are compared")
          .column("metric", STRING, "ndcg, mrr, map, recall, precision, f1, success, ...: README")
          .column("k", INT, "cut-off; null where the metric has none: what the search found")
          .column("value", DOUBLE, "from 0 to 1, or a count; higher is better but for unjudged")
          .column("relevant_count", INT, "relevant documents of the query")
          .column("retrieved_count", INT, "documents retrieved for the query")
          .build();

  /** Metrics averaged over queries, with confidence intervals. */
  public static final TableDefinition RUN_METRICS =
      table("run_metrics", List.of("model", "dataset", "split", "dim", "precision", "metric", "k"))
          .column("model", STRING, "base, tuned, bm25, ...")
          .column("dataset", STRING, "name of the data set; * is the mean over data sets")
          .column("split", STRING, "split of the queries")
          .column("dim", INT, "first dimensions that are compared; null where no vectors are")
          .column("precision", STRING, "fp32, int8 or binary; null where no vectors are compared")
          .column("metric", STRING, "as query_metrics; also spearman, pearson, triplet_accuracy")
          .column("k", INT, "cut-off; null where the metric has none")
          .column("value", DOUBLE, "mean over the queries; higher is better but for unjudged")
          .column("ci_low", DOUBLE, "lower end of the 95 % bootstrap interval over queries")
          .column("ci_high", DOUBLE, "upper end")
          .column("query_count", LONG, "queries averaged over")
          .build();

  /** Metrics averaged over parts of the queries, with confidence intervals. */
  public static final TableDefinition SLICE_METRICS =
      table(
              "slice_metrics",
              List.of("model", "dataset", "split", "slice", "slice_value", "metric", "k"))
          .column("model", STRING, "base, tuned, bm25, ...")
          .column("dataset", STRING, "name of the data set; * is the mean over data sets")
          .column("split", STRING, "split of the queries")
          .column("dim", INT, "dimensions used, the most that were evaluated; null for bm25")
          .column("precision", STRING, "fp32; null for bm25")
          .column("slice", STRING, "what parts the queries: domain, length, positives, ...")
          .column("slice_value", STRING, "(none): null; (other): beyond the 50 largest values")
          .column("metric", STRING, "as query_metrics")
          .column("k", INT, "cut-off; null where the metric has none")
          .column("value", DOUBLE, "mean over the queries; higher is better but for unjudged")
          .column("ci_low", DOUBLE, "lower end of the 95 % bootstrap interval over queries")
          .column("ci_high", DOUBLE, "upper end")
          .column("query_count", LONG, "queries averaged over")
          .build();

  /** How near a model takes pairs of texts to be that the user cares about. */
  public static final TableDefinition PROBES =
      table("probes", List.of("model", "text_a", "text_b"))
          .column("model", STRING, "base, tuned, ...")
          .column("text_a", STRING, "a text, encoded as a query")
          .column("text_b", STRING, "another, encoded as a document")
          .column("cosine", DOUBLE, "of their vectors, from -1 to 1")
          .column("rank", LONG, "of text_b among the documents searched, for text_a, from 1")
          .column("documents", LONG, "documents searched, those of all ranked data sets")
          .build();

  /** All tables, in the order of the chain. */
  public static final List<TableDefinition> ALL =
      List.of(
          DOCUMENTS,
          QUERIES,
          JUDGEMENTS,
          SCORED_PAIRS,
          REJECTS,
          AUDIT,
          VECTORS,
          TRUNCATION_COUNTS,
          CANDIDATES,
          POSITIVE_SCORES,
          NEGATIVES,
          FILTER_COUNTS,
          INDEX_SHARDS,
          BATCH_PLAN,
          PLAN_COUNTS,
          TRAINING_LOG,
          VALIDATION_LOG,
          ADVICE,
          TRIALS,
          RANKINGS,
          QUERY_METRICS,
          RUN_METRICS,
          SLICE_METRICS,
          PROBES);

  private Tables() {}

  private static Builder table(String name, List<String> key) {
    return new Builder(name, key);
  }

  /** Collects one table's columns in their declared order. */
  private static final class Builder {
    private final String name;
    private final List<String> key;
    private StructType schema = new StructType();
    private Set<String> volatileColumns = Set.of();

    Builder(String name, List<String> key) {
      this.name = name;
      this.key = key;
    }

    Builder column(String column, DataType type, String comment) {
      StructField field = new StructField(column, type, true, Metadata.empty());
      schema = schema.add(field.withComment(comment));
      return this;
    }

    Builder volatileColumns(String... columns) {
      volatileColumns = Set.of(columns);
      return this;
    }

    TableDefinition build() {
      return new TableDefinition(name, 1, schema, key, volatileColumns);
    }
  }
}
