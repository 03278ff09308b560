package dev.hone.mine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.RunConfig;
import dev.hone.table.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** MedQuAD's sources, folders of its archive: what lies beyond an answer's own. */
@EnabledIfEnvironmentVariable(
    named = "HONE_DATA",
    matches = ".+",
    disabledReason = "HONE_DATA names no folder that holds medquad/")
class SourceBorderTest {
  private static final String SOME = "_file rlike '000000[1-4].xml$' and trim(positive) != ''";

  @TempDir private Path folder;

  @Test
  void candidatesComeFromAnotherSourceThanEveryAnswer() throws Exception {
    String text = Files.readString(Path.of("conf/data/medquad.conf"));
    String where = "where = \"trim(positive) != ''\"";
    assertThat(text).contains(where);
    Path file =
        Files.writeString(
            folder.resolve("medquad.conf"), text.replace(where, "where = \"" + SOME + "\""));
    MiningGround ground = new MiningGround(folder, folder).read(RunConfig.load(file, List.of()));
    MineStage.Result mined =
        ground
            .stage(
                "mine.strategies=[{kind=domain-confusion,border=source,quota=3}]",
                "mine.relative-margin=none",
                "mine.depth=30")
            .run();

    Map<String, String> sources = new HashMap<>();
    for (Row row : ground.context().read(ground.normalForm(), Tables.DOCUMENTS).collectAsList()) {
      sources.put(row.getAs("doc_id"), row.getAs("source"));
    }
    assertThat(Set.copyOf(sources.values()))
        .contains("2_GARD_QA", "5_NIDDK_QA", "9_CDC_QA")
        .hasSizeGreaterThan(6);
    Map<String, Set<String>> answers = new HashMap<>();
    for (Row row : ground.context().read(ground.normalForm(), Tables.JUDGEMENTS).collectAsList()) {
      answers
          .computeIfAbsent(row.getAs("query_id"), one -> new HashSet<>())
          .add(sources.get(row.<String>getAs("doc_id")));
    }
    List<Row> negatives = ground.negatives(mined).collectAsList();
    assertThat(negatives).hasSizeGreaterThan(50);
    for (Row row : negatives) {
      assertThat(answers.get(row.<String>getAs("query_id")))
          .doesNotContain(sources.get(row.<String>getAs("doc_id")));
    }
  }
}
