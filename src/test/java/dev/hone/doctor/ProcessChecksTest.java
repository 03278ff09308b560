package dev.hone.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessChecksTest {
  private static final ProcessFacts DRIVER = MadeFacts.executor(Place.DRIVER, "localhost");

  private static ProcessFacts withJava(int feature) {
    return MadeFacts.executor(
        "1",
        "h1",
        new Machine(
            feature + ".0.1 (Somebody), Linux amd64",
            feature,
            8,
            "AMD EPYC",
            List.of("avx2"),
            32 * Sizes.GIB,
            4 * Sizes.GIB,
            0));
  }

  @Test
  void anotherJavaThanTheDriversIsAWarningAndAnOldOneAFault() {
    assertThat(ProcessChecks.java(withJava(17), DRIVER).level()).isEqualTo(Level.OK);
    assertThat(ProcessChecks.java(withJava(21), DRIVER).level()).isEqualTo(Level.WARNING);
    assertThat(ProcessChecks.java(withJava(21), DRIVER).found()).contains("driver has Java 17");
    assertThat(ProcessChecks.java(withJava(11), DRIVER).level()).isEqualTo(Level.FAULT);
  }

  @Test
  void theProcessorIsNamedWithTheInstructionsThatMatter() {
    Machine machine = MadeFacts.machine(8, "AMD EPYC", "avx2", "avx512f", "avx512_bf16");

    assertThat(ProcessChecks.processor(MadeFacts.executor("1", "h1", machine)).found())
        .isEqualTo("8 x AMD EPYC, avx2 avx512f avx512_bf16; bf16 in hardware");
    assertThat(ProcessChecks.processor(DRIVER).found()).endsWith("no bf16 in hardware");
  }

  @Test
  void aProcessorWithoutAvx2IsAWarning() {
    Machine old = MadeFacts.machine(8, "Intel Xeon of 2010");

    assertThat(ProcessChecks.processor(MadeFacts.executor("1", "h1", old)).level())
        .isEqualTo(Level.WARNING);
  }

  @Test
  void anExecutorWhereAnotherPrecisionIsFasterThanOnTheDriverIsAWarning() {
    ProcessFacts driver = MadeFacts.withSpeed(Place.DRIVER, 100, 250);

    assertThat(ProcessChecks.precision(driver, driver).orElseThrow().found())
        .isEqualTo("auto is bf16: 100 billion products a second and thread in fp32, 250 in bf16");
    assertThat(
            ProcessChecks.precision(MadeFacts.withSpeed("1", 90, 200), driver)
                .orElseThrow()
                .level())
        .isEqualTo(Level.OK);
    Finding slow = ProcessChecks.precision(MadeFacts.withSpeed("2", 100, 20), driver).orElseThrow();
    assertThat(slow.level()).isEqualTo(Level.WARNING);
    assertThat(slow.found()).isEqualTo("auto is bf16 as on the driver, but fp32 is faster here");
    assertThat(slow.mend()).contains("encode.precision");
  }

  @Test
  void aFullDiskUnderTheCacheIsAWarning() {
    ProcessFacts full = MadeFacts.withGpus(List.of(), 0, 0, MadeFacts.FINE);

    assertThat(ProcessChecks.cache(full).level()).isEqualTo(Level.WARNING);
    assertThat(ProcessChecks.cache(full).mend()).contains("HONE_CACHE");
  }

  @Test
  void factsTravelAsText() {
    assertThat(ProcessFacts.of(DRIVER.json())).isEqualTo(DRIVER);
  }
}
