package dev.hone.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The kinds of values that configuration keys have. */
final class ValueTypes {
  private ValueTypes() {}

  /** An integer of {@code minimum} to {@code maximum}, both accepted. */
  static ValueType<Integer> integer(int minimum, int maximum) {
    String range =
        maximum == Integer.MAX_VALUE
            ? "of " + minimum + " or more"
            : "from " + minimum + " to " + maximum;
    return new ValueType<>(
        "an integer " + range,
        value -> new BigDecimal(scalar(value)).intValueExact(),
        number -> number >= minimum && number <= maximum,
        number -> number);
  }

  /** An integer of 64 bits. */
  static ValueType<Long> longInteger() {
    return new ValueType<>(
        "an integer of 64 bits",
        value -> new BigDecimal(scalar(value)).longValueExact(),
        number -> true,
        number -> number);
  }

  /** A finite number for which {@code valid} holds; {@code range} says so in words. */
  static ValueType<Double> number(String range, Predicate<Double> valid) {
    return new ValueType<>(
        "a number " + range,
        value -> new BigDecimal(scalar(value)).doubleValue(),
        number -> Double.isFinite(number) && valid.test(number),
        number -> number);
  }

  /** A bound that may be {@code none}, which is read as {@code absent}, an infinite value. */
  static ValueType<Double> bound(ValueType<Double> type, double absent) {
    return new ValueType<>(
        type.accepts() + ", or none",
        value -> isWord(value, "none") ? absent : type.parse(value),
        number -> number == absent || type.valid().test(number),
        number -> number == absent ? "none" : number);
  }

  /** Any value of another type, or {@code auto}. */
  static <T> ValueType<Auto<T>> auto(ValueType<T> type) {
    return new ValueType<>(
        type.accepts() + ", or auto",
        value -> isWord(value, "auto") ? Auto.chosen() : Auto.fixed(type.parse(value)),
        auto -> !(auto instanceof Auto.Fixed<T> fixed) || type.valid().test(fixed.value()),
        auto ->
            auto instanceof Auto.Fixed<T> fixed ? type.renderer().apply(fixed.value()) : "auto");
  }

  /** True or false. */
  static ValueType<Boolean> bool() {
    return new ValueType<>(
        "true or false",
        value ->
            switch (scalar(value)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("neither true nor false");
            },
        flag -> true,
        flag -> flag);
  }

  /** Any text. */
  static ValueType<String> text(String accepts) {
    return text(accepts, text -> true);
  }

  /** A text for which {@code valid} holds; {@code accepts} says so in words. */
  static ValueType<String> text(String accepts, Predicate<String> valid) {
    return new ValueType<>(accepts, ValueTypes::scalar, valid, text -> text);
  }

  /** The address of a server, or {@code none}; secrets have no place in it. */
  static ValueType<String> trackingUri() {
    return text(
        "none, or an address that begins with http:// or https://, without user, password, ? and #",
        text -> text.equals("none") || isPlainAddress(text));
  }

  private static boolean isPlainAddress(String text) {
    try {
      URI uri = new URI(text);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** One constant of an enum, written in lower case with hyphens. */
  static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    Map<String, E> byWord = new TreeMap<>();
    for (E constant : type.getEnumConstants()) {
      byWord.put(word(constant), constant);
    }
    String words =
        Arrays.stream(type.getEnumConstants())
            .map(ValueTypes::word)
            .collect(Collectors.joining(", "));
    return new ValueType<>(
        byWord.size() == 1 ? words : "one of " + words,
        value -> {
          E constant = byWord.get(scalar(value));
          if (constant == null) {
            throw new IllegalArgumentException("no such word");
          }
          return constant;
        },
        constant -> true,
        ValueTypes::word);
  }

  /** A list without repetition, of another type's values. */
  static <T> ValueType<List<T>> list(ValueType<T> element, int minimumSize) {
    return new ValueType<>(
        "a list, without repetition, of "
            + (minimumSize == 0 ? "" : minimumSize + " or more: each ")
            + element.accepts(),
        value -> elements(value).stream().map(element::parse).toList(),
        list ->
            list.size() >= minimumSize
                && new HashSet<>(list).size() == list.size()
                && list.stream().allMatch(element.valid()),
        list -> list.stream().map(element.renderer()).toList());
  }

  /** A list of another type's values, which may repeat. */
  static <T> ValueType<List<T>> sequence(ValueType<T> element) {
    return new ValueType<>(
        "a list: each " + element.accepts(),
        value -> elements(value).stream().map(element::parse).toList(),
        list -> list.stream().allMatch(element.valid()),
        list -> list.stream().map(element.renderer()).toList());
  }

  /** A rank window, written as {@code [from, to]}. */
  static ValueType<RankWindow> window() {
    return new ValueType<>(
        "[from, to] with 0 <= from < to",
        value -> {
          List<Integer> ranks =
              elements(value).stream().map(integer(0, Integer.MAX_VALUE)::parse).toList();
          if (ranks.size() != 2) {
            throw new IllegalArgumentException("not two ranks");
          }
          return new RankWindow(ranks.get(0), ranks.get(1));
        },
        window -> true,
        window -> List.of(window.from(), window.to()));
  }

  /** A slice: the name of a known one, or {@code { name, by }}. */
  static ValueType<SliceConfig> slice(ValueType<String> name) {
    String known = String.join(", ", SliceConfig.KNOWN);
    return new ValueType<>(
        known + ", or { name, by = a Spark SQL expression over queries and documents }",
        value -> {
          if (!(value instanceof ConfigObject object)) {
            return new SliceConfig(scalar(value), Optional.empty());
          }
          if (!object.keySet().equals(Set.of("name", "by"))) {
            throw new IllegalArgumentException("neither more nor less than name and by");
          }
          return new SliceConfig(
              name.parse(object.get("name")), Optional.of(scalar(object.get("by"))));
        },
        slice ->
            name.valid().test(slice.name())
                && slice
                    .by()
                    .map(by -> !by.isBlank())
                    .orElse(SliceConfig.KNOWN.contains(slice.name())),
        slice ->
            slice.by().isEmpty()
                ? slice.name()
                : new TreeMap<>(Map.of("name", slice.name(), "by", slice.by().get())));
  }

  /** Two texts to compare, written as {@code [text, text]}. */
  static ValueType<ProbeConfig> probe() {
    return new ValueType<>(
        "[text, text], neither of them blank",
        value -> {
          List<String> texts = elements(value).stream().map(ValueTypes::scalar).toList();
          if (texts.size() != 2) {
            throw new IllegalArgumentException("not two texts");
          }
          return new ProbeConfig(texts.get(0), texts.get(1));
        },
        probe -> !probe.textA().isBlank() && !probe.textB().isBlank(),
        probe -> List.of(probe.textA(), probe.textB()));
  }

  /** A metric with its cut-off, such as {@code mrr@10}. */
  static ValueType<PrimaryMetric> primaryMetric() {
    return new ValueType<>(
        "a text such as \"mrr@10\": ndcg, mrr, map, recall, precision or f1 with its cut-off",
        value -> PrimaryMetric.of(scalar(value)),
        metric -> true,
        PrimaryMetric::label);
  }

  /** A range of scores, written as {@code [from, to]}. */
  static ValueType<ScoreRange> scoreRange() {
    ValueType<Double> score = number("that is finite", any -> true);
    return new ValueType<>(
        "[from, to] with from < to",
        value -> {
          List<Double> scores = elements(value).stream().map(score::parse).toList();
          if (scores.size() != 2) {
            throw new IllegalArgumentException("not two scores");
          }
          return new ScoreRange(scores.get(0), scores.get(1));
        },
        range -> true,
        range -> List.of(range.from(), range.to()));
  }

  /** Names, free or checked elsewhere, with a text each; nested names are joined by dots. */
  static ValueType<SortedMap<String, String>> texts(String accepts) {
    return new ValueType<>(
        accepts,
        value -> {
          if (!(value instanceof ConfigObject object)) {
            throw new IllegalArgumentException("not a group");
          }
          SortedMap<String, String> texts = new TreeMap<>();
          for (Map.Entry<String, ConfigValue> entry : object.toConfig().entrySet()) {
            String name = String.join(".", ConfigUtil.splitPath(entry.getKey()));
            texts.put(name, scalar(entry.getValue()));
          }
          return texts;
        },
        texts -> true,
        TreeMap::new);
  }

  /** Names, checked elsewhere, with a finite number each for which {@code valid} holds. */
  static ValueType<SortedMap<String, Double>> numbers(String accepts, Predicate<Double> valid) {
    ValueType<SortedMap<String, String>> names = texts(accepts);
    return new ValueType<>(
        accepts,
        value -> {
          SortedMap<String, Double> numbers = new TreeMap<>();
          names
              .parser()
              .apply(value)
              .forEach((name, text) -> numbers.put(name, new BigDecimal(text).doubleValue()));
          return numbers;
        },
        numbers ->
            numbers.values().stream()
                .allMatch(number -> Double.isFinite(number) && valid.test(number)),
        TreeMap::new);
  }

  /** Keys with the values that they may take; one without a dot is a key of train. */
  static ValueType<SortedMap<String, TuneDimension>> space() {
    return new ValueType<>(
        "a group of key = [value, ...] or key = { from, to, scale = linear or log }",
        value -> {
          if (!(value instanceof ConfigObject object)) {
            throw new IllegalArgumentException("not a group");
          }
          SortedMap<String, TuneDimension> space = new TreeMap<>();
          object.forEach((key, below) -> dimensions(key, below, space));
          return space;
        },
        space -> !space.isEmpty(),
        space -> {
          SortedMap<String, Object> written = new TreeMap<>();
          space.forEach((key, dimension) -> written.put(key, dimension.written()));
          return written;
        });
  }

  private static void dimensions(
      String path, ConfigValue value, SortedMap<String, TuneDimension> space) {
    if (value instanceof ConfigObject group && !group.containsKey("from")) {
      group.forEach((key, below) -> dimensions(path + "." + key, below, space));
    } else {
      space.put(path.contains(".") ? path : "train." + path, TuneDimension.of(value));
    }
  }

  /** A list of groups, which the loader reads key by key. */
  static <T> ValueType<List<T>> groups(Class<T> type) {
    return new ValueType<>(
        "a list of groups of keys",
        value -> {
          throw new IllegalArgumentException("read key by key: " + type.getSimpleName());
        },
        groups -> true,
        groups -> {
          throw new IllegalStateException("Written key by key: " + type.getSimpleName());
        });
  }

  /** An enum constant as the configuration writes it: lower case with hyphens. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean isWord(ConfigValue value, String word) {
    return value.valueType() == ConfigValueType.STRING && word.equals(value.unwrapped());
  }

  private static List<ConfigValue> elements(ConfigValue value) {
    if (!(value instanceof ConfigList list)) {
      throw new IllegalArgumentException("not a list");
    }
    return new ArrayList<>(list);
  }

  private static String scalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING -> (String) value.unwrapped();
      case NUMBER, BOOLEAN -> value.render();
      case LIST, OBJECT, NULL -> throw new IllegalArgumentException("not a single value");
    };
  }
}
