package dev.hone.pipeline;

/** What a step does where its result is not published yet. */
@FunctionalInterface
public interface StepBody {
  /** Writes the step's tables and artifacts. */
  void write(Attempt attempt);
}
