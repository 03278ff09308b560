package dev.hone.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.Auto;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadsCheckTest {
  private static final List<ProcessFacts> TWO_ON_ONE_HOST =
      List.of(MadeFacts.executor("1", "h1"), MadeFacts.executor("2", "h1"));

  @Test
  void moreThreadsThanProcessorsIsAWarningWithTheNumbersAndTheSettings() {
    List<Finding> findings = ThreadsCheck.of(Auto.fixed(8), TWO_ON_ONE_HOST);

    assertThat(findings).hasSize(1);
    Finding finding = findings.get(0);
    assertThat(finding.level()).isEqualTo(Level.WARNING);
    assertThat(finding.where()).isEqualTo("executors 1, 2 on h1");
    assertThat(finding.found())
        .isEqualTo("2 processes x 8 threads of libtorch (train.torch-threads = 8) on 8 processors");
    assertThat(finding.mend())
        .contains("train.torch-threads to auto, or to 4 at most")
        .contains("spark.executor.cores = 8");
  }

  @Test
  void asManyThreadsAsProcessorsIsFine() {
    assertThat(ThreadsCheck.of(Auto.fixed(4), TWO_ON_ONE_HOST))
        .extracting(Finding::level)
        .containsExactly(Level.OK);
  }

  @Test
  void autoSharesTheProcessors() {
    assertThat(ThreadsCheck.of(Auto.chosen(), TWO_ON_ONE_HOST).get(0).found())
        .startsWith("2 processes x 4 threads");
  }

  @Test
  void autoCannotHelpWhereExecutorsAreMoreThanProcessors() {
    Machine small = MadeFacts.machine(1, "AMD EPYC", "avx2");

    Finding finding =
        ThreadsCheck.of(
                Auto.chosen(),
                List.of(MadeFacts.executor("1", "h1", small), MadeFacts.executor("2", "h1", small)))
            .get(0);

    assertThat(finding.level()).isEqualTo(Level.WARNING);
    assertThat(finding.mend()).startsWith("Start fewer executors").contains("= 1 gives one");
  }

  @Test
  void hostsAreLookedAtOneByOne() {
    List<Finding> findings =
        ThreadsCheck.of(
            Auto.fixed(8), List.of(MadeFacts.executor("1", "h1"), MadeFacts.executor("2", "h2")));

    assertThat(findings).extracting(Finding::level).containsExactly(Level.OK, Level.OK);
  }
}
