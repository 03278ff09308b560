package dev.hone.bench;

import dev.hone.chain.Chain;
import dev.hone.config.RunConfig;
import dev.hone.encode.EncodedRows;
import dev.hone.encode.EncoderSpec;
import dev.hone.encode.VectorsStage;
import dev.hone.model.ModelReference;
import dev.hone.model.Precision;
import dev.hone.store.Commit;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import dev.hone.text.Prompts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * A contestant: the vectors step on two executors of one core, in JVMs of their own.
 *
 * <p>Beside rounds it answers {@code again}: the same texts in another data set, after a round.
 */
public final class ExecutorsWorker {
  static final String AGAIN = "again";

  private static final int WARM_UP_SHARE = 10;
  private static final int HEAP = 1024;
  private static final String ONE = "one";
  private static final String OTHER = "other";
  private static final String WARM_UP = "warm-up";
  private static final String WARM_UP_AGAIN = "warm-up-again";

  private final SparkSession spark;
  private final Path folder;
  private final Workspace workspace;
  private final LocalCache cache;
  private final int maxLength;
  private final String model;

  private ExecutorsWorker(
      SparkSession spark, Path folder, LocalCache cache, int maxLength, String model) {
    this.spark = spark;
    this.folder = folder;
    this.workspace =
        Workspace.open(
            folder.resolve("workspace").toString(), spark.sparkContext().hadoopConfiguration());
    this.cache = cache;
    this.maxLength = maxLength;
    this.model = model;
  }

  /** Arguments: the texts' file, the model, the cache, most tokens, a folder to work in. */
  public static void main(String[] arguments) throws IOException {
    List<String> texts = BenchTexts.read(Path.of(arguments[0]));
    try (SparkSession spark = TwoExecutors.start(HEAP)) {
      new ExecutorsWorker(
              spark,
              Path.of(arguments[4]),
              LocalCache.at(Path.of(arguments[2])),
              Integer.parseInt(arguments[3]),
              arguments[1])
          .answer(texts);
    }
  }

  private void answer(List<String> texts) throws IOException {
    Chain one = normalized(ONE, texts);
    Chain other = normalized(OTHER, texts);
    for (String warmUp : List.of(WARM_UP, WARM_UP_AGAIN)) {
      vectors(normalized(warmUp, BenchTexts.share(texts, 0, WARM_UP_SHARE)), warmUp).run();
    }
    Answers.Work first = vectors(one, ONE);
    Answers.give(
        "vectors step of Hone on Spark " + spark.version(),
        Map.of(
            Answers.ROUND,
            () -> {
              forget();
              return first.run();
            },
            AGAIN,
            vectors(other, OTHER)));
  }

  /** What is published of vectors would be taken instead of encoding. */
  private void forget() throws IOException {
    LocalCache.delete(Path.of(workspace.uri(), "published", "vectors"));
    try (var runs = Files.walk(Path.of(workspace.uri(), "runs"))) {
      for (Path file :
          runs.filter(path -> path.getFileName().toString().startsWith("vectors-")).toList()) {
        Files.delete(file);
      }
    }
  }

  private Chain normalized(String name, List<String> texts) throws IOException {
    Path source = Files.createDirectories(folder.resolve(name));
    BenchTexts.write(source.resolve("documents.jsonl"), texts);
    Files.writeString(source.resolve("queries.jsonl"), "{\"id\": \"q\", \"text\": \"which\"}\n");
    Files.writeString(
        source.resolve("qrels.jsonl"), "{\"query_id\": \"q\", \"doc_id\": \"d0\", \"grade\": 1}\n");
    Path conf =
        Files.writeString(
            source.resolve("run.conf"),
            """
            hone.datasets = [ { name = %2$s, type = ranking
              documents { format = json, path = "%1$s/documents.jsonl" }
              queries { format = json, path = "%1$s/queries.jsonl" }
              qrels { format = json, path = "%1$s/qrels.jsonl" } } ]
            """
                .formatted(source.toString().replace("\\", "\\\\").replace("\"", "\\\""), name));
    RunConfig config =
        RunConfig.load(
            conf, List.of("model=\"" + model.replace("\\", "\\\\").replace("\"", "\\\"") + "\""));
    return Chain.of(config, spark, workspace, cache, "bench");
  }

  /** The step on a data set that is normalized now, unmeasured. */
  private Answers.Work vectors(Chain chain, String name) {
    Commit normalForm = chain.run(Chain.Until.NORMALIZE).normalForm();
    EncoderSpec encoder =
        EncoderSpec.of(
            ModelReference.to(model, chain.base()),
            chain.base(),
            cache,
            maxLength,
            Prompts.NONE,
            Precision.FP32,
            1);
    VectorsStage stage = new VectorsStage(chain.context(), normalForm, encoder);
    EncodedRows rows = new EncodedRows(List.of(name), List.of(), "test");
    return Answers.whole(() -> stage.run("base", rows));
  }
}
