package dev.hone.table;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Writes a table's rows as Parquet into the folder of one attempt, and reads named files back. */
public final class TableFiles {
  /** So many files are looked at in less time than a job takes. */
  private static final int FEW_FILES = 16;

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
    return count(rows.sparkSession(), table, folder);
  }

  /** The rows that files hold: as few footers say here, or many ones to Spark's tasks. */
  private static long count(SparkSession spark, TableDefinition table, String folder) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try {
      Path path = new Path(folder);
      FileStatus[] files =
          path.getFileSystem(hadoop).listStatus(path, file -> !isHidden(file.getName()));
      if (files.length > FEW_FILES) {
        return spark.read().schema(table.schema()).parquet(folder).count();
      }
      long rows = 0;
      for (FileStatus file : files) {
        try (ParquetFileReader reader =
            ParquetFileReader.open(HadoopInputFile.fromStatus(file, hadoop))) {
          rows += reader.getRecordCount();
        }
      }
      return rows;
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot read back %s: %s. Run the same command again once it can."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  /** What Spark leaves out when it reads a folder. */
  private static boolean isHidden(String name) {
    return name.startsWith("_") || name.startsWith(".");
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
