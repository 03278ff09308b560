package dev.hone.table;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.pipeline.SmallWorkspace;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is counted in the files, however many there are. */
class TableFilesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"0, 1", "5, 1", "100, 3", "100, 20"})
  void rowsOfTheFilesAreCounted(int rows, int files) {
    List<Row> counts =
        IntStream.range(0, rows)
            .mapToObj(i -> RowFactory.create(row("d" + i, "document", 1L, 0L, 0.0)))
            .toList();
    Dataset<Row> table =
        SmallWorkspace.spark()
            .createDataFrame(counts, Tables.TRUNCATION_COUNTS.schema())
            .repartition(files);
    String written = folder.resolve("table").toString();
    assertThat(TableFiles.write(Tables.TRUNCATION_COUNTS, table, written)).isEqualTo(rows);
    assertThat(SmallWorkspace.spark().read().parquet(written).count()).isEqualTo(rows);
  }
}
