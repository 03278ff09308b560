package dev.hone.mine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.RunConfig;
import dev.hone.table.Tables;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Public data sets, mined by every strategy: checked in SQL, no negative answers its query. */
@EnabledIfEnvironmentVariable(
    named = "HONE_DATA",
    matches = ".+",
    disabledReason = "HONE_DATA names no folder of data sets")
class MinedDataSetsIT {
  private static final String FALSE_NEGATIVES =
      """
      with texts as (select *, trim(concat(coalesce(concat(title, ' '), ''), text)) as whole
        from documents),
      answers as (select q.text as query, d.whole, d.group_id from judgements j
        join queries q using (dataset, query_id) join texts d using (dataset, doc_id)
        where j.grade > 0 or j.grade is null)
      select count(*) from negatives n
        join queries q using (dataset, query_id) join texts d using (dataset, doc_id)
        where q.text = d.whole or exists (select 1 from answers a where a.query = q.text
          and (a.whole = d.whole or a.group_id = d.group_id))
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("dev.hone.normalize.Normalization#dataSetsWithDocuments")
  void noNegativeAnswersItsQuery(String dataset) {
    Path file = Path.of("conf/data/" + dataset + ".conf");
    MiningGround ground =
        new MiningGround(folder, folder)
            .withMaxLength(16)
            .read(RunConfig.load(file, List.of("normalize.near-duplicates=0.8")));
    MineStage.Result mined =
        ground
            .stage(
                """
                mine.strategies=[
                  { kind = bm25, quota = 2 }, { kind = dense, quota = 2 }, { kind = partial-match }
                  { kind = domain-confusion, border = cluster }, { kind = contradiction, quota = 9 }
                  { kind = random } ]
                """,
                "mine.depth=30",
                "mine.relative-margin=none")
            .run();
    SparkSession spark = ground.context().spark();
    for (var table : List.of(Tables.DOCUMENTS, Tables.QUERIES, Tables.JUDGEMENTS)) {
      ground.context().read(ground.normalForm(), table).createOrReplaceTempView(table.name());
    }
    ground.negatives(mined).createOrReplaceTempView("negatives");

    // ContractNLI's seventeen documents are all answers, or held out: found, but no negatives.
    assertThat(
            ground
                .context()
                .read(mined.candidates(), Tables.CANDIDATES)
                .select("miner")
                .distinct()
                .collectAsList())
        .extracting(row -> row.getString(0))
        .contains("bm25", "dense", "domain-confusion", "random");
    assertThat(spark.sql(FALSE_NEGATIVES).first().getLong(0)).isZero();
    assertThat(
            spark.sql("select count(distinct dataset, query_id, doc_id) - count(*) from negatives"))
        .satisfies(difference -> assertThat(difference.first().getLong(0)).isZero());
  }
}
