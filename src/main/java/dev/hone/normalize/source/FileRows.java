package dev.hone.normalize.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Reads files of a format of Hone's own on the executors: the files are spread over tasks, each
 * file's records come from one task in their order, one record at a time.
 */
final class FileRows {
  private static final int TASKS_PER_CORE = 4;

  private FileRows() {}

  /** How the records of one file become rows; travels to the executors. */
  interface Format extends Serializable {
    /**
     * Begins to read a file.
     *
     * @param stream closed by the caller
     */
    Records open(String file, InputStream stream) throws IOException;
  }

  /** The rest of one file's records. */
  interface Records {
    /** The next record, or empty after the last. */
    Optional<Row> next() throws IOException;
  }

  /** The rows of all files' records. */
  static Dataset<Row> of(SparkSession spark, List<String> files, StructType schema, Format format) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int tasks = Math.min(files.size(), TASKS_PER_CORE * context.defaultParallelism());
    SerializableConfiguration hadoop = new SerializableConfiguration(context.hadoopConfiguration());
    JavaRDD<Row> rows =
        context.parallelize(files, tasks).mapPartitions(new ReadFiles(hadoop, format));
    return spark.createDataFrame(rows, schema);
  }

  private record ReadFiles(SerializableConfiguration hadoop, Format format)
      implements FlatMapFunction<Iterator<String>, Row> {
    @Override
    public Iterator<Row> call(Iterator<String> files) {
      OpenFiles rows = new OpenFiles(files, hadoop.value(), format);
      TaskCompletionListener close = context -> rows.close();
      TaskContext.get().addTaskCompletionListener(close);
      return rows;
    }
  }

  /** The rows of one task's files, of which one is open at a time. */
  private static final class OpenFiles implements Iterator<Row> {
    private final Iterator<String> files;
    private final Configuration hadoop;
    private final Format format;
    private String file = "";
    private InputStream stream = InputStream.nullInputStream();
    private Records records = Optional::empty;
    private Optional<Row> ahead = Optional.empty();

    OpenFiles(Iterator<String> files, Configuration hadoop, Format format) {
      this.files = files;
      this.hadoop = hadoop;
      this.format = format;
    }

    @Override
    public boolean hasNext() {
      try {
        while (ahead.isEmpty()) {
          ahead = records.next();
          if (ahead.isEmpty() && !openNext()) {
            return false;
          }
        }
        return true;
      } catch (IOException e) {
        throw UnreadableSource.file(file, e);
      }
    }

    private boolean openNext() throws IOException {
      stream.close();
      if (!files.hasNext()) {
        records = Optional::empty;
        return false;
      }
      file = files.next();
      stream = SourceFiles.open(file, hadoop);
      records = format.open(file, stream);
      return true;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no record is left");
      }
      Row row = ahead.orElseThrow();
      ahead = Optional.empty();
      return row;
    }

    private void close() {
      try {
        stream.close();
      } catch (IOException e) {
        throw UnreadableSource.file(file, e);
      }
    }
  }
}
