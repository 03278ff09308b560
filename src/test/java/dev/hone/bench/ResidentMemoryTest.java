package dev.hone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
  @Test
  void itIsThePeakInWholeMebibytes() throws IOException {
    List<String> status =
        List.of("Name:\tjava", "VmPeak:\t 9000000 kB", "VmHWM:\t  524300 kB", "VmRSS:\t 1024 kB");
    assertThat(ResidentMemory.most(status)).isEqualTo(512);
  }

  @Test
  void aSystemThatDoesNotSayIsAnError() {
    assertThatThrownBy(() -> ResidentMemory.most(List.of("Name:\tjava")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not say how much memory");
  }
}
