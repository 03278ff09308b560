package dev.hone.report;

import static java.util.stream.Collectors.toCollection;

import dev.hone.pipeline.StageContext;
import dev.hone.report.ReportData.StepTime;
import dev.hone.store.Commit;
import dev.hone.store.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Finds how long each step of a run took, from the beginning of its try to its commit. */
final class StepTimes {
  private StepTimes() {}

  /** The published steps of a run, but for its pages, in their order. */
  static List<StepTime> of(StageContext context) {
    List<Span> spans = new ArrayList<>();
    for (Manifest manifest : context.workspace().manifests(context.runId())) {
      Optional<Commit> commit = context.workspace().commit(manifest.step(), manifest.digest());
      if (!manifest.step().equals("report") && commit.isPresent()) {
        span(manifest, commit.get()).ifPresent(spans::add);
      }
    }
    return own(spans);
  }

  private static Optional<Span> span(Manifest manifest, Commit commit) {
    return commit.startedAt().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Span(
                manifest.step(),
                manifest.part(),
                Instant.parse(commit.startedAt()),
                Instant.parse(commit.committedAt())));
  }

  /**
   * Each step's own time, by its beginning: what a step inside another one took counts there alone.
   */
  static List<StepTime> own(List<Span> spans) {
    List<Span> ordered = spans.stream().sorted(Span.ORDER).collect(toCollection(ArrayList::new));
    double[] seconds = new double[ordered.size()];
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < seconds.length; i++) {
      Span span = ordered.get(i);
      seconds[i] = span.seconds();
      while (!open.isEmpty() && !ordered.get(open.peek()).holds(span)) {
        open.pop();
      }
      if (!open.isEmpty()) {
        seconds[open.peek()] -= span.seconds();
      }
      open.push(i);
    }
    List<StepTime> times = new ArrayList<>();
    for (int i = 0; i < seconds.length; i++) {
      times.add(new StepTime(ordered.get(i).step(), ordered.get(i).part(), seconds[i]));
    }
    return times;
  }

  /** From when to when a step was at work. */
  record Span(String step, String part, Instant from, Instant to) {
    private static final Comparator<Span> ORDER =
        Comparator.comparing(Span::from)
            .thenComparing(Span::to, Comparator.reverseOrder())
            .thenComparing(Span::step)
            .thenComparing(Span::part);

    double seconds() {
      return Math.max(0, Duration.between(from, to).toMillis() / 1e3);
    }

    boolean holds(Span other) {
      return !other.from.isBefore(from) && !other.to.isAfter(to);
    }
  }
}
