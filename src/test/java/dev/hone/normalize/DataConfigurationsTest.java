package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.RunConfig;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The configurations in {@code conf/data} over the data sets that they name, where {@code
 * HONE_DATA} holds them: what the publishers count is there.
 */
@EnabledIfEnvironmentVariable(
    named = "HONE_DATA",
    matches = ".+",
    disabledReason = "HONE_DATA names no folder with the data sets of conf/data")
class DataConfigurationsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    // data set, documents, queries, judgements, scored pairs, rejects
    "scifact, 5183, 809, 919, 0, 0",
    // 13,732 passages: 720 are empty, one has over 100,000 characters, 24 repeat an id
    "obliqa, 12987, 2788, 3677, 0, 721",
    "tatqa, 1356, 901, 926, 0, 0",
    // 7,249 pairs, 51 of them repeat another
    "stsb, 0, 0, 0, 7198, 0",
    "sick, 3357, 3395, 4967, 5000, 0",
    // 1,917 rows, 1,719 different pairs
    "healthver, 230, 474, 1719, 0, 0",
    "contractnli, 17, 61, 1037, 0, 0",
    // 256 rows, 80 of them amounts
    "sara, 137, 145, 176, 0, 0",
    // 1,380 answers and 213 of the FAQ, 3 of which repeat
    "covid-qa, 1572, 1566, 1590, 0, 0",
    "pubmedqa, 1000, 1000, 1000, 0, 0",
    // 3,809 questions, 34 of which repeat with their segment
    "policyqa, 574, 568, 3775, 0, 0",
    "legal-summ, 85, 84, 85, 0, 0",
    // 1,400 documents without 471 and 995, which are empty; 1,837 judgements without 125 on 995
    "cranfield, 1398, 225, 1836, 0, 3",
    // 16,407 answered questions: 1,428 questions, 48 pairs and 598 answers repeat another, 590 of
    // the answers as they are written and 8 but for white space
    "medquad, 15809, 14979, 16359, 0, 0",
    // 10,003 utterances, 4 of which repeat another but for white space; each is query and document
    "banking77, 9999, 9999, 9999, 0, 0",
    // 1,000 questions with 2 others each, 5 of which repeat
    "mqp, 1995, 1000, 2000, 0, 0"
  })
  void publishersCountsAreThere(
      String name, long documents, long queries, long judgements, long scored, long rejects) {
    StageContext context = SmallWorkspace.in(folder).context();
    RunConfig config = RunConfig.load(Path.of("conf/data", name + ".conf"), List.of());

    Commit commit = Normalization.run(context, config);

    assertThat(
            List.of(
                count(context, commit, Tables.DOCUMENTS),
                count(context, commit, Tables.QUERIES),
                count(context, commit, Tables.JUDGEMENTS),
                count(context, commit, Tables.SCORED_PAIRS),
                count(context, commit, Tables.REJECTS)))
        .containsExactly(documents, queries, judgements, scored, rejects);
  }

  private static long count(StageContext context, Commit commit, TableDefinition table) {
    return context.read(commit, table).count();
  }
}
