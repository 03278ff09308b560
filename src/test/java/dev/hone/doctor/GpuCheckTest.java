package dev.hone.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class GpuCheckTest {
  private static final List<String> NONE = List.of();

  private static Finding found(List<String> given, int seen, int present) {
    return GpuCheck.of(MadeFacts.withGpus(given, seen, present, MadeFacts.FINE));
  }

  @Test
  void aMachineWithoutGpusIsFine() {
    assertThat(found(NONE, 0, 0).level()).isEqualTo(Level.OK);
  }

  @Test
  void aGpuThatSparkGivesAndLibtorchSeesIsFine() {
    assertThat(found(List.of("1"), 2, 2).level()).isEqualTo(Level.OK);
  }

  @Test
  void aGivenGpuThatLibtorchDoesNotSeeIsAFault() {
    Finding finding = found(List.of("0"), 0, 1);

    assertThat(finding.level()).isEqualTo(Level.FAULT);
    assertThat(finding.mend()).contains("PYTORCH_FLAVOR=cu128", "conf/spark/gpu.conf");
  }

  @Test
  void anAddressThatLibtorchDoesNotKnowIsAFault() {
    for (String address : List.of("2", "GPU-4f2a", "99999999999")) {
      Finding finding = found(List.of(address), 2, 2);
      assertThat(finding.level()).as(address).isEqualTo(Level.FAULT);
      assertThat(finding.mend()).contains("discovery script");
    }
  }

  @Test
  void aGpuThatComputesWronglyIsAFault() {
    Finding finding =
        GpuCheck.of(
            MadeFacts.withGpus(List.of("0"), 1, 1, new Outcome(false, "CUDA out of memory")));

    assertThat(finding.level()).isEqualTo(Level.FAULT);
    assertThat(finding.found()).isEqualTo("CUDA out of memory");
  }

  @Test
  void anIdleGpuIsAWarning() {
    assertThat(found(NONE, 1, 1).level()).isEqualTo(Level.WARNING);
    assertThat(found(NONE, 1, 1).mend()).contains("--spark-conf conf/spark/gpu.conf");
    assertThat(found(NONE, 0, 1).level()).isEqualTo(Level.WARNING);
    assertThat(found(NONE, 0, 1).mend()).contains("PYTORCH_LIBRARY_PATH");
  }

  private static Cluster yarn(String... settings) {
    SparkConf conf = new SparkConf(false).set("spark.master", "yarn");
    for (int i = 0; i < settings.length; i += 2) {
      conf.set(settings[i], settings[i + 1]);
    }
    return Cluster.notStarted(conf);
  }

  @Test
  void gpusWithoutADiscoveryScriptAreAFaultOfTheSettings() {
    assertThat(GpuCheck.ofSettings(yarn("spark.executor.resource.gpu.amount", "1")))
        .hasValueSatisfying(
            finding -> assertThat(finding.found()).contains("without", "discoveryScript"));
    assertThat(GpuCheck.ofSettings(yarn())).isEmpty();
  }

  @Test
  void aDiscoveryScriptThatIsNotShippedIsAWarning() {
    String[] settings = {
      "spark.executor.resource.gpu.amount", "1",
      "spark.executor.resource.gpu.discoveryScript", "./getGpus.sh",
      "spark.yarn.dist.files", "file:/a/log4j2.properties"
    };
    assertThat(GpuCheck.ofSettings(yarn(settings)))
        .hasValueSatisfying(
            finding -> assertThat(finding.mend()).contains("--files conf/getGpus.sh"));

    settings[5] = "file:/a/log4j2.properties,file:/a/conf/getGpus.sh";
    assertThat(GpuCheck.ofSettings(yarn(settings))).isEmpty();
  }
}
