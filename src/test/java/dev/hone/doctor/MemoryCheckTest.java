package dev.hone.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
  private static Finding onYarn(String memory, String overheadOrNull) {
    SparkConf conf =
        new SparkConf(false).set("spark.master", "yarn").set("spark.executor.memory", memory);
    if (overheadOrNull != null) {
      conf.set("spark.executor.memoryOverhead", overheadOrNull);
    }
    return MemoryCheck.of(Cluster.notStarted(conf), List.of(MadeFacts.executor("1", "h1"))).get(0);
  }

  @Test
  void theDefaultOverheadOfASmallExecutorIsTooLittle() {
    Finding finding = onYarn("4g", null);

    assertThat(finding.level()).isEqualTo(Level.WARNING);
    assertThat(finding.found()).contains("0.4 GiB beside it");
    assertThat(finding.mend()).contains("spark.executor.memoryOverhead to 2g at least");
  }

  @Test
  void enoughOverheadIsFineStatedOrAsTheTenthOfALargeHeap() {
    assertThat(onYarn("4g", "6g").level()).isEqualTo(Level.OK);
    assertThat(onYarn("4g", "2048").level()).isEqualTo(Level.OK);
    assertThat(onYarn("32g", null).level()).isEqualTo(Level.OK);
  }

  @Test
  void withoutContainersTheHostMustHaveRoomBesideAllHeaps() {
    Cluster standalone = Cluster.notStarted(new SparkConf(false).set("spark.master", "spark://h"));
    List<ProcessFacts> five =
        List.of("1", "2", "3", "4", "5").stream().map(id -> MadeFacts.executor(id, "h1")).toList();
    List<ProcessFacts> six =
        List.of("1", "2", "3", "4", "5", "6").stream()
            .map(id -> MadeFacts.executor(id, "h1"))
            .toList();

    // 32 GiB, each executor 4 GiB of heap and 2 GiB of tensors
    assertThat(MemoryCheck.of(standalone, five).get(0).level()).isEqualTo(Level.OK);
    assertThat(MemoryCheck.of(standalone, six).get(0).level()).isEqualTo(Level.WARNING);
    assertThat(MemoryCheck.of(standalone, six).get(0).mend()).contains("spark.executor.memory");
  }
}
