package dev.hone.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.pipeline.SmallWorkspace;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/**
 * Few rows are few by their number and by their text, and are queried in a session of their own.
 */
class ExtentTest {
  private static final String ADAPTIVE = "spark.sql.adaptive.enabled";
  private static final String CASE = "spark.sql.caseSensitive";

  @Test
  void rowsAreFewUpToBothBounds() {
    assertThat(Extent.of(Extent.MOST_ROWS, Extent.MOST_BYTES)).isEqualTo(Extent.FEW);
    assertThat(Extent.of(Extent.MOST_ROWS + 1, 0)).isEqualTo(Extent.MANY);
    assertThat(Extent.of(1, Extent.MOST_BYTES + 1)).isEqualTo(Extent.MANY);
  }

  @Test
  void fewAndManyAreMany() {
    assertThat(Extent.FEW.and(Extent.FEW)).isEqualTo(Extent.FEW);
    assertThat(Extent.FEW.and(Extent.MANY)).isEqualTo(Extent.MANY);
    assertThat(Extent.MANY.and(Extent.FEW)).isEqualTo(Extent.MANY);
  }

  @Test
  void sessionOfFewRowsKeepsWhatTheUserSetAndLeavesTheUsersAlone() {
    SparkSession users = SmallWorkspace.spark();
    String adaptive = users.conf().get(ADAPTIVE);
    users.conf().set(CASE, "true");
    try {
      SparkSession own = Extent.FEW.session(users);
      assertThat(own.conf().get(CASE)).isEqualTo("true");
      assertThat(own.conf().get(ADAPTIVE)).isEqualTo("false");
      assertThat(users.conf().get(ADAPTIVE)).isEqualTo(adaptive);
      assertThat(Extent.MANY.session(users)).isSameAs(users);
    } finally {
      users.conf().unset(CASE);
    }
  }
}
