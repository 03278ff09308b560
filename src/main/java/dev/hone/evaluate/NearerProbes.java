package dev.hone.evaluate;

import dev.hone.metric.Similarity;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Finds the probes whose first text is nearer to a document than to the second text.
 *
 * @param firsts vectors of the first texts
 * @param cosines of first and second texts
 * @param hashes of the second texts; a document of the same hash is not nearer
 */
record NearerProbes(List<float[]> firsts, List<Double> cosines, List<String> hashes)
    implements FlatMapFunction<Row, Row> {
  /** probe: its position; and the document. */
  static final StructType ROWS =
      new StructType()
          .add("probe", DataTypes.IntegerType)
          .add("dataset", DataTypes.StringType)
          .add("parent_id", DataTypes.StringType);

  /** Takes dataset, parent_id, content_hash, vector. */
  @Override
  public Iterator<Row> call(Row document) {
    List<Float> stored = document.getList(3);
    float[] vector = new float[stored.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = stored.get(i);
    }
    List<Row> nearer = new ArrayList<>();
    for (int probe = 0; probe < firsts.size(); probe++) {
      if (!hashes.get(probe).equals(document.getString(2))
          && Similarity.cosine(firsts.get(probe), vector) > cosines.get(probe)) {
        nearer.add(RowFactory.create(probe, document.getString(0), document.getString(1)));
      }
    }
    return nearer.iterator();
  }
}
