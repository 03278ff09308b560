package dev.hone.table;

import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Column names as Spark's Scala signatures want them. */
public final class Columns {
  private Columns() {}

  /** The names as a sequence, for joins on several columns. */
  public static Seq<String> names(String... names) {
    return CollectionConverters.asScala(List.of(names)).toList();
  }
}
