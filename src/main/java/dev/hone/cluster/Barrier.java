package dev.hone.cluster;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/** Runs a task per partition in a barrier stage, which Spark's Java API cannot express. */
final class Barrier {
  private Barrier() {}

  /** A rank's work: its rows in, result rows out. */
  @FunctionalInterface
  interface Rank extends Serializable {
    Iterator<Row> run(Iterator<Row> rows) throws Exception;
  }

  /** A Scala function that can be shipped. */
  private interface Shipped
      extends Function1<scala.collection.Iterator<Row>, scala.collection.Iterator<Row>>,
          Serializable {}

  /** All ranks' results. The shuffle behind the stage is what lets Spark retry it. */
  static List<Row> run(Dataset<Row> rows, Rank rank) {
    Shipped shipped =
        iterator -> {
          try {
            return CollectionConverters.asScala(rank.run(CollectionConverters.asJava(iterator)));
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
    ClassTag<Row> tag = ClassTag.apply(Row.class);
    RDD<Row> results = rows.javaRDD().rdd().barrier().mapPartitions(shipped, false, tag);
    return JavaRDD.fromRDD(results, tag).repartition(1).collect();
  }
}
