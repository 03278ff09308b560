package dev.hone.doctor;

import dev.hone.doctor.Cluster.Lost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/**
 * Waits for a Spark session's executors, and examines each by a job of its own, so that one that
 * hangs or dies hides no other.
 */
final class ExecutorSurvey {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorSurvey.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /** Where nobody says how many executors come, those of one start come within this time. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  /** A task prefers its executor for a few seconds only; another one may take it. */
  private static final int ROUNDS = 3;

  private final SparkContext context;
  private final Duration wait;

  ExecutorSurvey(SparkContext context, Duration wait) {
    this.context = context;
    this.wait = wait;
  }

  Cluster examine(ExecutorTask task) throws InterruptedException {
    Expected expected = Expected.of(context.getConf());
    if (expected.executors() > 0) {
      LOG.info("waiting for {} executor(s), at most {} s", expected.executors(), wait.toSeconds());
    }
    List<Executor> registered = await(expected);
    Map<String, ProcessFacts> facts = new LinkedHashMap<>();
    Map<String, String> failures = new LinkedHashMap<>();
    long deadline = System.nanoTime() + wait.toNanos();
    for (int round = 0; round < ROUNDS; round++) {
      List<Executor> missing =
          registered.stream()
              .filter(one -> !facts.containsKey(one.place().id()))
              .filter(one -> !failures.containsKey(one.place().id()))
              .toList();
      examine(missing, task, deadline, facts, failures);
    }
    return new Cluster(context.getConf(), expected, registered, lost(), facts, failures);
  }

  private List<Executor> await(Expected expected) throws InterruptedException {
    long start = System.nanoTime();
    long changed = start;
    List<Executor> before = List.of();
    while (true) {
      List<Executor> now = registered();
      long time = System.nanoTime();
      if (now.size() != before.size()) {
        changed = time;
        before = now;
      }
      boolean enough = now.size() >= expected.executors();
      if (enough && (expected.exact() || time - changed > QUIET.toNanos())) {
        return now;
      }
      if (time - start > wait.toNanos() || context.isStopped()) {
        return now;
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
    }
  }

  private List<ExecutorSummary> summaries(boolean activeOnly) {
    return CollectionConverters.asJava(context.statusStore().executorList(activeOnly)).stream()
        .filter(summary -> !summary.id().equals(Place.DRIVER))
        .sorted(
            Comparator.comparing((ExecutorSummary summary) -> summary.id().length())
                .thenComparing(ExecutorSummary::id))
        .toList();
  }

  private List<Executor> registered() {
    return summaries(true).stream()
        .map(summary -> new Executor(place(summary), summary.totalCores()))
        .toList();
  }

  private List<Lost> lost() {
    return summaries(false).stream()
        .filter(summary -> !summary.isActive())
        .map(
            summary ->
                new Lost(
                    place(summary),
                    summary.removeReason().isDefined()
                        ? summary.removeReason().get()
                        : "no reason given"))
        .toList();
  }

  private static Place place(ExecutorSummary summary) {
    String hostPort = summary.hostPort();
    int colon = hostPort.lastIndexOf(':');
    return new Place(summary.id(), colon < 0 ? hostPort : hostPort.substring(0, colon));
  }

  private void examine(
      List<Executor> executors,
      ExecutorTask task,
      long deadline,
      Map<String, ProcessFacts> facts,
      Map<String, String> failures)
      throws InterruptedException {
    Map<Executor, JavaFutureAction<List<String>>> jobs = new LinkedHashMap<>();
    executors.forEach(executor -> jobs.put(executor, start(executor.place(), task)));
    for (Map.Entry<Executor, JavaFutureAction<List<String>>> job : jobs.entrySet()) {
      String id = job.getKey().place().id();
      try {
        long left = Math.max(0, deadline - System.nanoTime());
        for (String json : job.getValue().get(left, TimeUnit.NANOSECONDS)) {
          ProcessFacts found = ProcessFacts.of(json);
          facts.putIfAbsent(found.place().id(), found);
        }
      } catch (ExecutionException e) {
        failures.put(id, "its task failed: " + reason(e.getCause()));
      } catch (TimeoutException e) {
        job.getValue().cancel(true);
        failures.put(id, "its task did not end within %d s".formatted(wait.toSeconds()));
      }
    }
  }

  /** Spark's message tells first how often a task failed, and last why. */
  private static String reason(Throwable failure) {
    String text = Outcome.describe(failure);
    String mark = "most recent failure: ";
    int start = text.indexOf(mark);
    return start < 0 ? text : text.substring(start + mark.length());
  }

  private JavaFutureAction<List<String>> start(Place place, ExecutorTask task) {
    Seq<String> preferred = seq(List.of("executor_%s_%s".formatted(place.host(), place.id())));
    ClassTag<String> tag = ClassTag.apply(String.class);
    return JavaRDD.fromRDD(
            context.makeRDD(seq(List.of(new Tuple2<>(place.id(), preferred))), tag), tag)
        .map(task)
        .collectAsync();
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(new ArrayList<>(list)).toSeq();
  }
}
