package dev.hone.evaluate;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.config.RunConfig;
import dev.hone.encode.EncodedRows;
import dev.hone.encode.EncoderSpec;
import dev.hone.encode.VectorsStage;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.store.LocalCache;
import dev.hone.table.Tables;
import dev.hone.text.Prompts;
import dev.hone.text.TextRole;
import dev.hone.torch.Encoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cosine and rank of pairs of texts, beside what the encoder and plain loops give. */
class ProbeStageTest {
  private static final String MODEL = "builtin:all-MiniLM-L6-v2";
  private static final String SECOND = "limitation period";

  /** Documents by their ids; those of a parent are its chunks. */
  private static final Map<String, List<String>> SEARCHED =
      Map.of(
          "same", List.of(SECOND),
          "near", List.of("tolling suspends the statute of limitations"),
          "long",
              List.of("the statute is tolled while the plaintiff is a minor", "tolling of time"),
          "bread", List.of("bread is baked in an oven"),
          "statute", List.of("a statute is a law that a legislature has made"));

  @TempDir private Path folder;

  private static Commit normalForm(SmallWorkspace workspace) {
    List<Object[]> documents = new java.util.ArrayList<>();
    SEARCHED.forEach(
        (parent, chunks) -> {
          for (int i = 0; i < chunks.size(); i++) {
            String id = chunks.size() == 1 ? parent : parent + "#" + i;
            documents.add(row("law", id, parent, i, null, chunks.get(i)));
          }
        });
    documents.add(row("triples", "t", "t", 0, null, "tolling of a statute"));
    return workspace
        .step("normalize")
        .table(Tables.DOCUMENTS, documents.toArray(Object[][]::new))
        .table(Tables.QUERIES)
        .table(Tables.JUDGEMENTS)
        .table(Tables.SCORED_PAIRS)
        .publish();
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double lengths = 0;
    double others = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      lengths += (double) a[i] * a[i];
      others += (double) b[i] * b[i];
    }
    return product / Math.sqrt(lengths * others);
  }

  /** How many documents have a chunk that is nearer; the second text itself is none. */
  private static long nearer(Encoder encoder, float[] first, double cosine) {
    return SEARCHED.values().stream()
        .filter(
            chunks ->
                chunks.stream()
                    .filter(text -> !text.equals(SECOND))
                    .map(text -> encoder.encode(List.of(text), TextRole.DOCUMENT).vectors()[0])
                    .anyMatch(vector -> cosine(first, vector) > cosine))
        .count();
  }

  @Test
  void theRankCountsTheDocumentsOfRankedDataSetsThatAreNearer() throws Exception {
    SmallWorkspace workspace = SmallWorkspace.in(folder);
    LocalCache cache = workspace.context().cache();
    ModelFolder model = ModelSource.resolve(MODEL, cache, new Configuration(false));
    EncoderSpec spec =
        EncoderSpec.of(
            ModelReference.to(MODEL, model),
            model,
            cache,
            64,
            new Prompts("question: ", ""),
            Precision.FP32,
            EncoderSpec.ALL_THREADS);
    RunConfig config =
        RunConfig.load(
            Files.writeString(
                folder.resolve("run.conf"),
                """
                hone {
                  datasets = [
                    { name = law, type = ranking, source { format = beir, path = x } }
                    { name = triples, type = triplets, source { format = csv, path = x }
                      columns { anchor = a, positive = p, negative = n } }
                  ]
                  evaluate.probes = [["tolling of a statute", "limitation period"], ["loaf", "baked bread"]]
                }
                """),
            List.of());
    Commit form = normalForm(workspace);
    Commit vectors =
        new VectorsStage(workspace.context(), form, spec)
            .run("base", new EncodedRows(List.of("law", "triples"), List.of(), "test"));

    Commit commit =
        new ProbeStage(workspace.context(), form, config.detail().probes(), config.datasets())
            .run("base", spec, vectors)
            .orElseThrow();

    List<Row> rows =
        workspace.context().read(commit, Tables.PROBES).orderBy("text_a").collectAsList();
    assertThat(rows).extracting(row -> row.getString(0)).containsExactly("base", "base");
    assertThat(rows).extracting(row -> row.getLong(5)).containsOnly((long) SEARCHED.size());
    try (Encoder encoder = spec.open(1, new Configuration(false))) {
      for (Row row : rows) {
        float[] first = encoder.encode(List.of(row.getString(1)), TextRole.QUERY).vectors()[0];
        float[] second = encoder.encode(List.of(row.getString(2)), TextRole.DOCUMENT).vectors()[0];
        double expected = cosine(first, second);
        assertThat(row.getDouble(3)).isCloseTo(expected, within(1e-5));
        assertThat(row.getLong(4)).isEqualTo(1 + nearer(encoder, first, expected));
      }
    }
    // Near, long and statute say more of tolling a statute than the period does; long counts once.
    assertThat(rows.get(1).getLong(4)).isEqualTo(4);
  }
}
