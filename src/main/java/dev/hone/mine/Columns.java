package dev.hone.mine;

import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Column names as Spark's Scala signatures want them. */
final class Columns {
  private Columns() {}

  static Seq<String> names(String... names) {
    return CollectionConverters.asScala(List.of(names)).toList();
  }
}
