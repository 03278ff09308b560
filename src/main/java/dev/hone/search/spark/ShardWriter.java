package dev.hone.search.spark;

import dev.hone.config.Bm25Config;
import dev.hone.search.Bm25Index;
import dev.hone.search.FieldStatistics;
import dev.hone.search.TextDocument;
import dev.hone.store.CommittedFile;
import dev.hone.store.LocalCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Indexes the documents of one partition as one shard, on the executor's disk, and leaves it in the
 * workspace under a name that no other try of the task has.
 *
 * @param store where shards go
 * @param artifacts the folder of the attempt's artifacts
 * @param options how documents are indexed
 */
record ShardWriter(ShardStore store, String artifacts, Bm25Config options)
    implements MapPartitionsFunction<Row, Row> {
  /** One row per shard, of its statistics for each field and its files. */
  static final StructType WRITTEN =
      new StructType()
          .add("shard", DataTypes.IntegerType)
          .add("artifact", DataTypes.StringType)
          .add("fields", DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.LongType)))
          .add("paths", DataTypes.createArrayType(DataTypes.StringType))
          .add("sizes", DataTypes.createArrayType(DataTypes.LongType))
          .add("checksums", DataTypes.createArrayType(DataTypes.StringType));

  private static final int DOCUMENT_ID = 0;
  private static final int PARENT_ID = 1;
  private static final int FIRST_FIELD = 2;

  @Override
  public Iterator<Row> call(Iterator<Row> rows) throws IOException {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    TaskContext task = TaskContext.get();
    String name = "shard-%05d-%d".formatted(task.partitionId(), task.taskAttemptId());
    Path folder = Files.createTempDirectory("hone-index-");
    try {
      Bm25Index.build(folder, options, documents(rows, task));
      List<FieldStatistics> statistics;
      try (Bm25Index index = Bm25Index.open(folder, options)) {
        statistics = index.statistics();
      }
      List<CommittedFile> files = store.upload(folder, artifacts + "/" + name);
      return List.of(row(task.partitionId(), name, statistics, files)).iterator();
    } finally {
      LocalCache.delete(folder);
    }
  }

  private Iterator<TextDocument> documents(Iterator<Row> rows, TaskContext task) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        task.killTaskIfInterrupted();
        return rows.hasNext();
      }

      @Override
      public TextDocument next() {
        Row row = rows.next();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < options.fields().size(); i++) {
          texts.add(row.getString(FIRST_FIELD + i));
        }
        return new TextDocument(row.getString(DOCUMENT_ID), row.getString(PARENT_ID), texts);
      }
    };
  }

  private static Row row(
      int shard, String name, List<FieldStatistics> statistics, List<CommittedFile> files) {
    return RowFactory.create(
        shard,
        name,
        statistics.stream().map(ShardWriter::values).toArray(),
        files.stream().map(CommittedFile::path).toArray(),
        files.stream().map(CommittedFile::size).toArray(),
        files.stream().map(CommittedFile::sha256).toArray());
  }

  private static Object[] values(FieldStatistics field) {
    return new Object[] {
      field.documents(), field.documentsWithTerms(), field.termOccurrences(), field.postings()
    };
  }

  /** The files of a row that a task returned. */
  static List<CommittedFile> files(Row written) {
    List<String> paths = written.getList(3);
    List<Long> sizes = written.getList(4);
    List<String> checksums = written.getList(5);
    List<CommittedFile> files = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      files.add(new CommittedFile(paths.get(i), sizes.get(i), checksums.get(i)));
    }
    return files;
  }
}
