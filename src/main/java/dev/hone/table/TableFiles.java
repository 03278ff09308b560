package dev.hone.table;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Writes a table's rows as Parquet into the folder of one attempt, and reads named files back. */
public final class TableFiles {
  private TableFiles() {}

  /**
   * Writes rows in the table's declared columns, types and order within each file.
   *
   * @param folder the attempt's folder for this table; must not exist
   * @return how many rows the files hold
   */
  public static long write(TableDefinition table, Dataset<Row> rows, String folder) {
    rows.select(table.columns())
        .sortWithinPartitions(table.keyColumns())
        .write()
        .mode(SaveMode.ErrorIfExists)
        .option("compression", "zstd")
        .parquet(folder);
    return rows.sparkSession().read().schema(table.schema()).parquet(folder).count();
  }

  /**
   * Reads exactly the files named, so that nothing else in their folder is ever seen.
   *
   * @param files absolute paths; an empty list is an empty table
   */
  public static Dataset<Row> read(SparkSession spark, TableDefinition table, List<String> files) {
    if (files.isEmpty()) {
      return spark.createDataFrame(List.of(), table.schema());
    }
    return spark.read().schema(table.schema()).parquet(files.toArray(String[]::new));
  }
}
