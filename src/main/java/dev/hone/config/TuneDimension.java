package dev.hone.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The values of one configuration key among which the best is looked for. */
public sealed interface TuneDimension {

  /** How the numbers of a range are spread. */
  enum Scale {
    /** Each as likely as any other. */
    LINEAR,
    /** Each order of magnitude as likely as any other. */
    LOG
  }

  /**
   * Single values.
   *
   * @param values each as HOCON writes it; one or more, all different
   */
  record Choice(List<String> values) implements TuneDimension {
    /** Refuses none, and the same twice. */
    public Choice {
      values = List.copyOf(values);
      if (values.isEmpty() || new HashSet<>(values).size() < values.size()) {
        throw new IllegalArgumentException("one value or more, all different, are needed");
      }
    }
  }

  /**
   * All numbers from one to another.
   *
   * @param from the lowest; above 0 where the scale is {@link Scale#LOG}
   * @param to the highest, above the lowest
   * @param integral whether integers alone are meant
   */
  record Range(double from, double to, Scale scale, boolean integral) implements TuneDimension {
    /** Refuses what is no range. */
    public Range {
      if (!(from < to) || !Double.isFinite(from) || !Double.isFinite(to)) {
        throw new IllegalArgumentException("from must be less than to");
      }
      if (scale == Scale.LOG && from <= 0) {
        throw new IllegalArgumentException("from must be above 0 where scale is log");
      }
    }
  }

  /**
   * Reads {@code [a, b, ...]} or {@code { from, to, scale }}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static TuneDimension of(ConfigValue value) {
    if (value instanceof ConfigList list) {
      return new Choice(
          list.stream().map(one -> one.render(ConfigRenderOptions.concise())).toList());
    }
    if (!(value instanceof ConfigObject range)
        || !Set.of("from", "to", "scale").containsAll(range.keySet())
        || !range.keySet().containsAll(Set.of("from", "to"))) {
      throw new IllegalArgumentException("neither a list nor a range");
    }
    String from = String.valueOf(range.get("from").unwrapped());
    String to = String.valueOf(range.get("to").unwrapped());
    Scale scale =
        range.containsKey("scale")
            ? ValueTypes.choice(Scale.class).parse(range.get("scale"))
            : Scale.LINEAR;
    return new Range(
        new BigDecimal(from).doubleValue(),
        new BigDecimal(to).doubleValue(),
        scale,
        from.matches("-?\\d+") && to.matches("-?\\d+"));
  }

  /** As Typesafe Config takes it. */
  default Object written() {
    if (this instanceof Choice choice) {
      return choice.values().stream()
          .map(text -> ConfigFactory.parseString("v = " + text).getValue("v").unwrapped())
          .toList();
    }
    Range range = (Range) this;
    return new TreeMap<>(
        Map.of(
            "from", range.integral() ? (Object) (long) range.from() : range.from(),
            "to", range.integral() ? (Object) (long) range.to() : range.to(),
            "scale", ValueTypes.word(range.scale())));
  }
}
