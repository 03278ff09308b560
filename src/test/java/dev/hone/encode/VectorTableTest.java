package dev.hone.encode;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import dev.hone.text.Prompts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inner products of the vectors that are found are the model's own similarity. */
class VectorTableTest {
  private static final String[] TEXTS = {
    "a bond that pays no interest", "inflammation of the liver", "tax"
  };

  @TempDir Path folder;
  private SmallWorkspace workspace;
  private ModelFolder builtin;

  @BeforeEach
  void open() {
    workspace = SmallWorkspace.in(folder);
    builtin =
        ModelSource.resolve(
            "builtin:all-MiniLM-L6-v2", workspace.context().cache(), new Configuration(false));
  }

  /** A folder of transformers alone: mean pooling, nothing after it. */
  private ModelFolder plain(String settings) throws IOException {
    Path plain = Files.createDirectory(folder.resolve("plain"));
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      Files.copy(builtin.path().resolve(file), plain.resolve(file));
    }
    Files.writeString(plain.resolve("config_sentence_transformers.json"), settings);
    return ModelFolder.open(plain);
  }

  /** Squared lengths of the documents' vectors. */
  private List<Double> squaredLengths(ModelFolder model) {
    Object[][] documents = new Object[TEXTS.length][];
    for (int i = 0; i < documents.length; i++) {
      documents[i] = row("d", "id" + i, "id" + i, 0, null, TEXTS[i]);
    }
    Commit normalForm =
        workspace
            .step("normalize")
            .table(Tables.DOCUMENTS, documents)
            .table(Tables.QUERIES, row("d", "q", "ask", "test"))
            .table(Tables.JUDGEMENTS)
            .table(Tables.SCORED_PAIRS)
            .publish(Map.of(), Map.of());
    EncoderSpec encoder =
        EncoderSpec.of(
            new ModelReference(model.path().toString(), model.digest()),
            model,
            workspace.context().cache(),
            64,
            Prompts.NONE,
            Precision.FP32,
            EncoderSpec.ALL_THREADS);
    Commit commit =
        new VectorsStage(workspace.context(), normalForm, encoder)
            .run("base", new EncodedRows(List.of("d"), List.of(), "test"));
    return new VectorTable(workspace.context(), commit)
        .documents(workspace.context().read(normalForm, Tables.DOCUMENTS))
        .select(VectorTable.product("vector", "vector"))
        .as(Encoders.DOUBLE())
        .collectAsList();
  }

  @Test
  void vectorsOfAModelWithoutNormalizeAreComparedByCosine() throws IOException {
    assertThat(squaredLengths(plain("{}")))
        .hasSize(TEXTS.length)
        .allSatisfy(length -> assertThat(length).isCloseTo(1, within(1e-6)));
  }

  @Test
  void vectorsOfAModelThatAsksForDotProductsStayAsTheyAre() throws IOException {
    assertThat(squaredLengths(plain("{\"similarity_fn_name\": \"dot\"}")))
        .hasSize(TEXTS.length)
        .allSatisfy(length -> assertThat(Math.abs(length - 1)).isGreaterThan(0.1));
  }
}
