package dev.hone.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExaminationTest {
  private static final Place DRIVER = new Place(Place.DRIVER, "localhost");

  private static List<Place> executor(String id, String host) {
    return List.of(new Place(id, host));
  }

  @Test
  void itIsATableWithTheDetailsOfWarningsAndFaultsBelow() {
    Examination examination =
        new Examination(
            List.of(
                Finding.ok("java", List.of(DRIVER), "17"),
                Finding.ok("java", executor("1", "h1"), "17"),
                Finding.ok("java", executor("2", "h2"), "17"),
                Finding.warning("threads", executor("1", "h1"), "9 on 8", "Take 8."),
                Finding.fault("storage", List.of(DRIVER), "first line\nsecond line", "")));

    assertThat(examination.toString())
        .isEqualTo(
            """
            check    where                       result   found
            java     driver                      ok       17
            java     executors 1 on h1, 2 on h2  ok       17
            threads  executor 1 on h1            warning  9 on 8
            storage  driver                      fault    first line...

            warning: threads, executor 1 on h1
              9 on 8
              to mend: Take 8.

            fault: storage, driver
              first line
              second line
            """);
    assertThat(examination.hasFault()).isTrue();
  }

  @Test
  void warningsAreNoFault() {
    assertThat(
            new Examination(List.of(Finding.warning("gpu", List.of(), "idle", "Use it.")))
                .hasFault())
        .isFalse();
  }

  @Test
  void manyExecutorsAreCounted() {
    List<Finding> findings =
        IntStream.range(0, 40)
            .mapToObj(i -> Finding.ok("java", executor("" + i, "h" + i % 4), "17"))
            .toList();

    assertThat(new Examination(findings).findings())
        .extracting(Finding::where)
        .containsExactly("40 executors on 4 hosts");
  }

  @Test
  void aTrialThatDoesNotComeBackIsAFailureThatSaysSo() {
    CountDownLatch never = new CountDownLatch(1);

    Outcome outcome =
        Outcome.of(
            Duration.ofMillis(1),
            () -> {
              never.await();
              return "";
            });

    assertThat(outcome.works()).isFalse();
    assertThat(outcome.text()).startsWith("no answer within");
  }

  @Test
  void anErrorOfLinkageIsAFailureThatNamesItsCause() {
    Outcome outcome =
        Outcome.of(
            Duration.ofMinutes(1),
            () -> {
              throw new NoClassDefFoundError("ai/djl/engine/Engine");
            });

    assertThat(outcome)
        .isEqualTo(new Outcome(false, "java.lang.NoClassDefFoundError: ai/djl/engine/Engine"));
  }
}
