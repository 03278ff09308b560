package dev.hone.encode;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Vectors as a search meets them after they were stored in fewer dimensions or bits, in fp32 again.
 * All take and give rows whose third column is the vector.
 */
public final class StoredVectors {
  private StoredVectors() {}

  /** The first dimensions at length 1, as the Matryoshka loss sees them; whole vectors stay. */
  public static Dataset<Row> shortened(Dataset<Row> rows, int dimensions) {
    return rows.map(new Shorten(dimensions), Encoders.row(rows.schema()));
  }

  private record Shorten(int dimensions) implements MapFunction<Row, Row> {
    @Override
    public Row call(Row row) {
      float[] vector = floats(row);
      return vector.length == dimensions
          ? row
          : with(row, Quantization.normalized(Quantization.truncated(vector, dimensions)));
    }
  }

  /**
   * Rounded to int8 by the ranges that each dimension has among the rows of a data set.
   *
   * @param rows dataset, id, vector
   */
  public static Dataset<Row> int8(Dataset<Row> rows) {
    return rows.map(new Round(ranges(rows)), Encoders.row(rows.schema()));
  }

  /** By data set; least and greatest values do not depend on the order of rows. */
  private static Map<String, Ranges> ranges(Dataset<Row> rows) {
    return rows.toJavaRDD()
        .treeAggregate(
            (Map<String, Ranges>) new TreeMap<String, Ranges>(),
            (ranges, row) -> {
              float[] vector = floats(row);
              ranges
                  .computeIfAbsent(row.getString(0), dataset -> Ranges.none(vector.length))
                  .with(vector);
              return ranges;
            },
            (some, others) -> {
              others.forEach((dataset, ranges) -> some.merge(dataset, ranges, Ranges::union));
              return some;
            });
  }

  private record Round(Map<String, Ranges> ranges) implements MapFunction<Row, Row> {
    @Override
    public Row call(Row row) {
      Ranges own = ranges.get(row.getString(0));
      float[] vector = floats(row);
      return with(row, Quantization.ofSteps(Quantization.steps(vector, own), own));
    }
  }

  /** Rounded to one bit per dimension: 1 where it is set, -1 where it is not. */
  public static Dataset<Row> binary(Dataset<Row> rows) {
    return rows.map(new ToSigns(), Encoders.row(rows.schema()));
  }

  private record ToSigns() implements MapFunction<Row, Row> {
    @Override
    public Row call(Row row) {
      float[] vector = floats(row);
      return with(row, Quantization.signs(Quantization.bits(vector), vector.length));
    }
  }

  /** A map right before this one may hand its row on as it made it. */
  private static float[] floats(Row row) {
    return row.get(2) instanceof float[] made ? made : StoredForm.floats(row, 2);
  }

  private static Row with(Row row, float[] vector) {
    return RowFactory.create(row.get(0), row.get(1), vector);
  }
}
