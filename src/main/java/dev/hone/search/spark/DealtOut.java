package dev.hone.search.spark;

import java.io.Serializable;
import org.apache.spark.Partition;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/**
 * Deals partitions out in turn. Spark reads the largest pieces of files first; neighbours together,
 * as its own coalescer takes them, would give one task all of those. Pieces on another host of HDFS
 * are read over the network, which is faster than their products.
 */
final class DealtOut implements PartitionCoalescer, Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public PartitionGroup[] coalesce(int most, RDD<?> parent) {
    Partition[] partitions = parent.partitions();
    PartitionGroup[] groups = new PartitionGroup[Math.min(most, partitions.length)];
    for (int group = 0; group < groups.length; group++) {
      groups[group] = new PartitionGroup(Option.empty());
    }
    for (int place = 0; place < partitions.length; place++) {
      groups[place % groups.length].partitions().addOne(partitions[place]);
    }
    return groups;
  }
}
