package dev.hone.table;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Column names as Spark's Scala signatures want them. */
public final class Columns {
  private Columns() {}

  /** The columns of these names. */
  public static Column[] of(String... names) {
    return Arrays.stream(names).map(functions::col).toArray(Column[]::new);
  }

  /** The names as a sequence, for joins on several columns. */
  public static Seq<String> names(String... names) {
    return CollectionConverters.asScala(List.of(names)).toList();
  }
}
