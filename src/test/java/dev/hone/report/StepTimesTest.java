package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.report.ReportData.StepTime;
import dev.hone.report.StepTimes.Span;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepTimesTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private static Span span(String step, long from, long to) {
    return new Span(step, "all", BEGIN.plusSeconds(from), BEGIN.plusSeconds(to));
  }

  @Test
  void stepsStandByTheirBeginning() {
    assertThat(StepTimes.own(List.of(span("train", 30, 90), span("normalize", 0, 30))))
        .containsExactly(new StepTime("normalize", "all", 30), new StepTime("train", "all", 60));
  }

  @Test
  void whatRanInsideAStepCountsOnce() {
    // candidates runs from 10 to 60, vectors inside it from 20 to 45, an index inside these from 20
    // to 25.
    assertThat(
            StepTimes.own(
                List.of(
                    span("candidates", 10, 60),
                    span("index", 20, 25),
                    span("vectors", 20, 45),
                    span("negatives", 60, 70))))
        .containsExactly(
            new StepTime("candidates", "all", 25),
            new StepTime("vectors", "all", 20),
            new StepTime("index", "all", 5),
            new StepTime("negatives", "all", 10));
  }

  @Test
  void aClockThatWentBackGivesNoNegativeTime() {
    assertThat(StepTimes.own(List.of(span("train", 30, 20))))
        .extracting(StepTime::seconds)
        .containsExactly(0.0);
  }
}
