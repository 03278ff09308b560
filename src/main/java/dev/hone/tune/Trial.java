package dev.hone.tune;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One configuration that is tried.
 *
 * @param number from 1
 * @param parameters each key's value, as HOCON writes it
 */
record Trial(int number, SortedMap<String, String> parameters) {
  /** Copies the parameters. */
  Trial {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /** The parameters as {@code --set} takes them. */
  List<String> sets() {
    return parameters.entrySet().stream()
        .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
        .toList();
  }

  /** The parameters in one line. */
  String describe() {
    return parameters.entrySet().stream()
        .map(parameter -> parameter.getKey() + " = " + parameter.getValue())
        .collect(Collectors.joining(", "));
  }
}
