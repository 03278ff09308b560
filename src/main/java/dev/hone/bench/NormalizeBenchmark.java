package dev.hone.bench;

import dev.hone.chain.Chain;
import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Normalizes made corpora of several sizes, each into a workspace of its own. */
final class NormalizeBenchmark {
  private static final Logger LOG = LoggerFactory.getLogger(NormalizeBenchmark.class);

  /** Not measured: classes are loaded and queries compiled by it. */
  private static final long WARM_UP = 1_000;

  private final BenchSettings settings;
  private final Meter meter = new Meter();
  private final MadeCorpus corpus;

  NormalizeBenchmark(BenchSettings settings) {
    this.settings = settings;
    this.corpus = new MadeCorpus(Glosses.ofNouns(), settings.config().seed());
  }

  List<Measurement> run(List<Long> sizes) {
    List<Measurement> measurements = new ArrayList<>();
    run(WARM_UP);
    for (long documents : sizes) {
      measurements.add(run(documents));
      LOG.info("{}", Measurement.table(measurements));
    }
    return measurements;
  }

  /** Measures the step with the digests of its sources; making the corpus is not part of it. */
  private Measurement run(long documents) {
    Path folder = settings.folder().resolve("normalize-" + documents);
    try (Scratch scratch = Scratch.at(folder)) {
      RunConfig config = config(corpus.write(scratch.folder().resolve("sources"), documents));
      Workspace workspace =
          Workspace.open(
              scratch.folder().resolve("workspace").toString(),
              settings.spark().sparkContext().hadoopConfiguration());
      return meter.measure(
          Benchmark.NORMALIZE.toString(), documents, () -> normalize(config, workspace));
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot write the benchmark's data to %s: %s. Choose a folder with room by --workspace."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  private RunConfig config(Path datasets) {
    RunConfig base = settings.config();
    return new RunConfig(
        base.runId(),
        base.workspace(),
        base.seed(),
        base.model(),
        RunConfig.load(datasets, List.of()).datasets(),
        base.queryPrompt(),
        base.documentPrompt(),
        base.normalize(),
        base.mine(),
        base.bm25(),
        base.encode(),
        base.train(),
        base.checkpoints(),
        base.evaluate(),
        base.forgetting(),
        base.detail(),
        base.tune(),
        base.mlflow());
  }

  private void normalize(RunConfig config, Workspace workspace) {
    Chain.of(config, settings.spark(), workspace, settings.cache(), settings.codeVersion())
        .run(Chain.Until.NORMALIZE);
  }
}
