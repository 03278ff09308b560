package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which source a document comes from: a folder of its data set, or a file. */
class DocumentSourcesTest {
  @TempDir private Path folder;

  private void write(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, List.of(lines));
  }

  private void writeParts() throws IOException {
    write("data/1 Cancer+50%/a.csv", "anchor,positive", "q1,p1");
    write("data/1 Cancer+50%/deep/b.csv", "anchor,positive", "q2,p2");
    write("data/2_GARD/a.csv", "anchor,positive", "q3,p3");
    write("data/rest.csv", "anchor,positive", "q4,p4", "q5,p1");
  }

  private List<String> sources(String dataset) {
    StageContext context = Normalization.context(folder);
    Commit commit =
        Normalization.run(
            context,
            folder,
            "hone { datasets = [ { name = d, %s } ] }"
                .formatted(dataset.replace("FOLDER", folder.toString())));
    return Normalization.rows(context, commit, Tables.DOCUMENTS, "text", "source").stream()
        .sorted()
        .toList();
  }

  @Test
  void belowAFolderItIsTheFirstFolderOrTheFile() throws IOException {
    writeParts();
    assertThat(
            sources(
                """
                type = pairs, source { format = csv, path = "FOLDER/data"
                  options { recursiveFileLookup = true } }
                """))
        .as("of a document that two have, the least")
        .containsExactly("p1 | 1 Cancer+50%", "p2 | 1 Cancer+50%", "p3 | 2_GARD", "p4 | rest.csv");
  }

  @Test
  void belowAPatternItIsTheFirstFolderThatDiffers() throws IOException {
    writeParts();
    assertThat(sources("type = pairs, source { format = csv, path = \"FOLDER/data/*/*.csv\" }"))
        .containsExactly("p1 | 1 Cancer+50%", "p3 | 2_GARD");
  }

  @Test
  void ofOneFileItIsTheFile() throws IOException {
    writeParts();
    assertThat(sources("type = pairs, source { format = csv, path = \"FOLDER/data/rest.csv\" }"))
        .containsExactly("p1 | rest.csv", "p4 | rest.csv");
  }

  @Test
  void documentsOfARankingDataSetAndIntentsHaveOneToo() throws IOException {
    write("beir/corpus.jsonl", "{\"_id\": \"1\", \"text\": \"a text\"}");
    write("beir/queries.jsonl", "{\"_id\": \"q\", \"text\": \"a query\"}");
    write("beir/qrels/train.tsv", "q\t1\t1");
    assertThat(sources("type = ranking, source { format = beir, path = \"FOLDER/beir\" }"))
        .containsExactly("a text | corpus.jsonl");
    write("intents/one/a.csv", "anchor,intent", "u1,x", "u2,x");
    write("intents/two/a.csv", "anchor,intent", "u3,x");
    assertThat(
            sources(
                """
                type = pairs, columns { group = intent }
                source { format = csv, path = "FOLDER/intents/*" }
                """))
        .containsExactly("u1 | one", "u2 | one", "u3 | two");
  }
}
