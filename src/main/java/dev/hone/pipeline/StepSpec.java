package dev.hone.pipeline;

import dev.hone.store.Digests;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A step of a run, and everything that its result depends on.
 *
 * @param step the step's name
 * @param part which commit of the run's step: a mining round, a model, or {@code all}
 * @param revision raised in code when results change
 * @param keys the configuration keys that change the result
 * @param inputs digests of what it reads, by name
 * @param resolved what {@code auto} became, by key
 */
public record StepSpec(
    String step,
    String part,
    int revision,
    SortedMap<String, String> keys,
    SortedMap<String, String> inputs,
    SortedMap<String, String> resolved) {

  /** Copies the maps. */
  public StepSpec {
    keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    resolved = Collections.unmodifiableSortedMap(new TreeMap<>(resolved));
  }

  /** A spec from maps in any order. */
  public static StepSpec of(
      String step,
      String part,
      int revision,
      Map<String, ?> keys,
      Map<String, String> inputs,
      Map<String, ?> resolved) {
    return new StepSpec(step, part, revision, texts(keys), new TreeMap<>(inputs), texts(resolved));
  }

  private static SortedMap<String, String> texts(Map<String, ?> values) {
    SortedMap<String, String> texts = new TreeMap<>();
    values.forEach((key, value) -> texts.put(key, String.valueOf(value)));
    return texts;
  }

  /** SHA-256 over step, revision, keys, inputs and resolved values; the part is only a name. */
  public String digest() {
    StringBuilder text = new StringBuilder(step).append('\n').append(revision).append('\n');
    append(text, "key", keys);
    append(text, "input", inputs);
    append(text, "resolved", resolved);
    return Digests.ofText(text.toString());
  }

  private static void append(StringBuilder text, String kind, SortedMap<String, String> values) {
    values.forEach(
        (key, value) ->
            text.append(kind)
                .append(' ')
                .append(key.length())
                .append(' ')
                .append(key)
                .append(' ')
                .append(value.length())
                .append(' ')
                .append(value)
                .append('\n'));
  }
}
