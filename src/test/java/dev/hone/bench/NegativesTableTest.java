package dev.hone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What training with hard negatives is said to bring. */
class NegativesTableTest {
  private final NegativesTable table = new NegativesTable(42);

  @Test
  void aQueryCountsOnceByItsMeanOverSeeds() {
    table.add(NegativesData.MEDQUAD, NegativesArm.PAIRS, Map.of("q1", 0.2, "q2", 0.5));
    table.add(NegativesData.MEDQUAD, NegativesArm.PAIRS, Map.of("q1", 0.4, "q2", 0.5));
    table.add(NegativesData.MEDQUAD, NegativesArm.MINED, Map.of("q1", 0.8, "q2", 0.5));
    table.add(NegativesData.MEDQUAD, NegativesArm.MINED, Map.of("q1", 0.6, "q2", 0.3));

    assertThat(table.differences(NegativesData.MEDQUAD, NegativesArm.MINED))
        .containsExactly(new double[] {0.4, -0.1}, within(1e-12));
    assertThat(table.toString())
        .contains("0.4000") // (0.3 + 0.5) / 2
        .contains("0.5500") // (0.7 + 0.4) / 2
        .contains("+0.1500"); // (0.4 - 0.1) / 2
  }

  @Test
  void foldsAddUpToAllQueries() {
    table.add(NegativesData.SCIFACT, NegativesArm.PAIRS, Map.of("q1", 0.2));
    table.add(NegativesData.SCIFACT, NegativesArm.MINED, Map.of("q1", 0.3));
    table.add(NegativesData.SCIFACT, NegativesArm.PAIRS, Map.of("q2", 0.6));

    assertThat(table.differences(NegativesData.SCIFACT, NegativesArm.MINED))
        .as("a query that one arm has not been tested with is left out")
        .containsExactly(new double[] {0.1}, within(1e-12));
  }

  @Test
  void allQueriesOfAllDataSetsAreComparedToo() {
    for (NegativesData data : NegativesData.values()) {
      table.add(data, NegativesArm.PAIRS, Map.of("q1", 0.5, "q2", 0.5));
      table.add(data, NegativesArm.RANDOM, Map.of("q1", 0.25, "q2", 0.25));
      table.add(data, NegativesArm.MINED, Map.of("q1", 0.75, "q2", 0.75));
    }
    table.add(NegativesData.OBLIQA, NegativesArm.FIRST, Map.of("q1", 0.5, "q2", 1.0));

    assertThat(table.toString().lines().filter(line -> line.startsWith("all queries")))
        .satisfiesExactly(
            random ->
                assertThat(random.split(" +"))
                    .contains("random", "6", "-0.2500")
                    .endsWith("-0.2500", "to", "-0.2500"),
            mined ->
                assertThat(mined.split(" +"))
                    .contains("mined", "6", "+0.2500")
                    .endsWith("+0.2500", "to", "+0.2500"),
            first -> assertThat(first.split(" +")).contains("first", "2", "+0.2500"));
  }
}
