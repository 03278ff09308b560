package dev.hone.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds keys that do not exist, and names the key that was probably meant. */
final class UnknownKeys {
  private final Set<String> leaves = new TreeSet<>();
  private final Set<String> groups = new HashSet<>();
  private final Problems problems;

  UnknownKeys(Problems problems) {
    this.problems = problems;
    for (Key<?, ?> key : Keys.all()) {
      leaves.add(key.path());
      int dot = key.path().lastIndexOf('.');
      while (dot > 0) {
        groups.add(key.path().substring(0, dot));
        dot = key.path().lastIndexOf('.', dot - 1);
      }
    }
  }

  /** Notes every unknown key of the whole configuration. */
  void find(ConfigObject root) {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(root).entrySet()) {
      if (!entry.getKey().equals("hone")) {
        problems.add(
            entry.getValue().origin(),
            entry.getKey() + " is unknown: every key stands in hone { ... }");
      } else if (entry.getValue() instanceof ConfigObject hone) {
        scan(hone, "", "hone");
      } else {
        problems.add(entry.getValue().origin(), "hone must be a group of keys { ... }");
      }
    }
  }

  private void scan(ConfigObject object, String schema, String shown) {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
      String path = schema.isEmpty() ? entry.getKey() : schema + "." + entry.getKey();
      String name = shown + "." + entry.getKey();
      ConfigValue value = entry.getValue();
      if (groups.contains(path + "[]")) {
        scanList(value, path + "[]", name);
      } else if (groups.contains(path) && value instanceof ConfigObject group) {
        scan(group, path, name);
      } else if (groups.contains(path)) {
        problems.add(value.origin(), name + " must be a group of keys { ... }");
      } else if (!leaves.contains(path)) {
        String meant = value instanceof ConfigObject ? nearestGroup(path) : nearest(path);
        problems.add(value.origin(), name + " is unknown; did you mean hone." + meant + "?");
      }
    }
  }

  private void scanList(ConfigValue value, String schema, String shown) {
    if (value instanceof ConfigList list) {
      for (int i = 0; i < list.size(); i++) {
        if (list.get(i) instanceof ConfigObject entry) {
          scan(entry, schema, shown + "[" + i + "]");
        }
      }
    }
  }

  /** The known key nearest to a path: first by its last part, then as a whole. */
  String nearest(String path) {
    return leaves.stream()
        .min(
            Comparator.<String>comparingInt(
                    known -> 2 * distance(last(known), last(path)) + distance(known, path))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  /** The known group, or key that takes a group, nearest to the path of an unknown group. */
  private String nearestGroup(String path) {
    return Stream.concat(groups.stream(), leaves.stream())
        .min(
            Comparator.<String>comparingInt(known -> distance(known, path))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** Levenshtein's edit distance. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
