package dev.hone.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.config.RunConfig;
import dev.hone.error.HoneException;
import dev.hone.model.MadeCrossEncoder;
import dev.hone.model.ModelSource;
import dev.hone.store.LocalCache;
import dev.hone.store.SharedCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which models mining asks, and what each may be asked. */
class MinersTest {
  private static final Configuration HADOOP = new Configuration(false);

  @TempDir static Path folder;
  private static LocalCache cache;
  private static Path crossEncoder;

  @BeforeAll
  static void make() throws IOException {
    cache = SharedCache.open();
    crossEncoder =
        MadeCrossEncoder.write(
            folder.resolve("model"),
            ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, HADOOP),
            64,
            1,
            config -> {});
  }

  private static Miners miners(String... sets) {
    return Miners.of(RunConfig.load(null, List.of(sets)), cache, HADOOP);
  }

  @Test
  void aCrossEncoderFilters() {
    Miners miners = miners("mine.filter-scorer=" + crossEncoder);
    assertThat(miners.crossEncoder()).isPresent();
    assertThat(miners.encoders()).isEmpty();
    assertThat(miners.digests()).containsExactly(miners.crossEncoder().orElseThrow().digest());
  }

  @Test
  void anEncoderFiltersAsBefore() {
    assertThat(miners("mine.filter-scorer=builtin:e5-small-v2").encoders())
        .containsOnlyKeys("builtin:e5-small-v2");
    assertThat(miners().digests()).isEmpty();
  }

  @Test
  void aCrossEncoderIsNoMiner() {
    String strategies = "mine.strategies=[{kind=dense,model=\"" + crossEncoder + "\"}]";
    assertThatThrownBy(() -> miners(strategies))
        .isInstanceOf(HoneException.class)
        .hasMessageContainingAll(
            crossEncoder.toString(), "is a cross-encoder", "mine.filter-scorer takes");
  }

  @Test
  void aCrossEncoderIsNoBase() {
    String model = crossEncoder.toString();
    assertThatThrownBy(() -> ModelSource.resolve(model, cache, HADOOP))
        .isInstanceOf(HoneException.class)
        .hasMessageContainingAll(model, "Cannot take vectors", "Name an encoder");
  }
}
