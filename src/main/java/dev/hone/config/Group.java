package dev.hone.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The values of one group of keys; a value that is wrong is noted and replaced by the default. */
final class Group {
  private final ConfigObject object;
  private final String path;
  private final Problems problems;
  private final int problemsBefore;

  /** The group found at a path such as {@code hone.train} or {@code hone.datasets[0]}. */
  Group(ConfigObject object, String path, Problems problems) {
    this.object = object;
    this.path = path;
    this.problems = problems;
    this.problemsBefore = problems.count();
  }

  /** The group below a key of this group; empty where it is not written. */
  Group below(String name) {
    return find(name) instanceof ConfigObject below
        ? new Group(below, path + "." + name, problems)
        : new Group(ConfigFactory.empty().root(), path + "." + name, problems);
  }

  /** Whether anything is written below a key. */
  boolean has(String name) {
    return find(name) != null;
  }

  /** The value of a key, its default, or null where neither is of use: then there is a problem. */
  <T> T read(Key<?, T> key) {
    ConfigValue value = find(key.name());
    if (value == null) {
      return fallback(key, true);
    }
    try {
      return key.type().parse(value);
    } catch (IllegalArgumentException e) {
      String problem =
          Secrets.isSecret(key.name())
              ? " is not accepted: it must be " + key.type().accepts()
              : e.getMessage();
      problems.add(value.origin(), path + "." + key.name() + problem);
      return fallback(key, false);
    }
  }

  private <T> T fallback(Key<?, T> key, boolean missing) {
    if (key.defaultText() != null) {
      ConfigValue value = defaultOf(key);
      return key.type().parse(value);
    }
    if (missing) {
      problems.add(
          object.origin(), path + "." + key.name() + " is missing: give " + key.type().accepts());
    }
    return null;
  }

  /** The groups of a list of groups. */
  List<Group> list(Key<?, ?> key) {
    ConfigValue value = find(key.name());
    if (value == null) {
      value = defaultOf(key);
    }
    String name = path + "." + key.name();
    if (!(value instanceof ConfigList list)) {
      problems.add(value.origin(), name + " must be a list of groups, such as [ { ... } ]");
      return List.of();
    }
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof ConfigObject entry) {
        groups.add(new Group(entry, name + "[" + i + "]", problems));
      } else {
        problems.add(list.get(i).origin(), name + "[" + i + "] must be a group of keys { ... }");
      }
    }
    return groups;
  }

  /** Builds the group's record; null if a value was missing or the values do not fit together. */
  <C> C build(Supplier<C> record) {
    if (problems.count() > problemsBefore) {
      return null;
    }
    try {
      return record.get();
    } catch (IllegalArgumentException e) {
      problems.add(origin(), message(e.getMessage()));
      return null;
    }
  }

  /** Notes a problem with a key of this group. */
  void problem(String name, String problem) {
    ConfigValue value = find(name);
    problems.add(value == null ? origin() : value.origin(), path + "." + name + problem);
  }

  private ConfigOrigin origin() {
    return object.isEmpty() ? null : object.origin();
  }

  /** Puts the place in front of what a record says of its own keys. */
  private String message(String message) {
    String place = path.replaceFirst("^hone\\.?", "");
    return place.isEmpty() || message.startsWith(place + ".")
        ? "hone." + message
        : path + (message.matches("(has|names) .*") ? " " : ".") + message;
  }

  private ConfigValue find(String name) {
    ConfigValue value = object;
    for (String part : ConfigUtil.splitPath(name)) {
      if (!(value instanceof ConfigObject group)) {
        return null;
      }
      value = group.get(part);
    }
    return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
  }

  private static ConfigValue defaultOf(Key<?, ?> key) {
    Config parsed = ConfigFactory.parseString("default = " + key.defaultText());
    return parsed.root().get("default");
  }
}
