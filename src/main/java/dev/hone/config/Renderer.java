package dev.hone.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes the effective configuration and the texts that explain the keys. */
final class Renderer {
  private Renderer() {}

  /** The whole configuration as HOCON, sorted by key, secrets masked. */
  static String effective(RunConfig run) {
    Map<String, Object> hone = tree(run);
    hone.put("mlflow", group(Keys.MLFLOW, run.mlflow()));
    return hocon(hone);
  }

  /** The same without where MLflow is. */
  static String shown(RunConfig run) {
    return hocon(tree(run));
  }

  private static String hocon(Map<String, Object> hone) {
    return ConfigFactory.empty()
        .withValue("hone", ConfigValueFactory.fromAnyRef(hone))
        .root()
        .render(ConfigRenderOptions.concise().setFormatted(true).setJson(false));
  }

  /** Every setting that changes results, by its path, as text, secrets masked. */
  static SortedMap<String, String> settings(RunConfig run) {
    SortedMap<String, String> settings = new TreeMap<>();
    tree(run).forEach((name, value) -> flatten(name, value, settings));
    Keys.CHECKPOINTS.forEach(key -> settings.remove(key.path()));
    settings.remove(Keys.WORKSPACE.path());
    settings.remove(Keys.RUN_ID.path());
    settings.keySet().removeIf(name -> name.startsWith("tune."));
    return settings;
  }

  private static void flatten(String path, Object value, SortedMap<String, String> settings) {
    if (value instanceof Map<?, ?> group) {
      group.forEach((name, item) -> flatten(path + "." + name, item, settings));
    } else if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Map) {
      for (int i = 0; i < list.size(); i++) {
        Object name = path.equals("datasets") ? ((Map<?, ?>) list.get(i)).get("name") : i;
        flatten(path + "." + name, list.get(i), settings);
      }
    } else {
      settings.put(path, String.valueOf(value));
    }
  }

  private static Map<String, Object> tree(RunConfig run) {
    Map<String, Object> hone = new TreeMap<>();
    putAll(hone, Keys.RUN.stream().filter(key -> !key.equals(Keys.DATASETS)).toList(), run);
    hone.put("datasets", run.datasets().stream().map(Renderer::dataset).toList());
    hone.put("normalize", group(Keys.NORMALIZE, run.normalize()));
    Map<String, Object> mine =
        group(Keys.MINE.stream().filter(key -> !key.equals(Keys.STRATEGIES)).toList(), run.mine());
    mine.put(
        "strategies",
        run.mine().strategies().stream()
            .map(item -> group(Keys.strategy(item.kind()), item))
            .toList());
    hone.put("mine", mine);
    hone.put("bm25", group(Keys.BM25, run.bm25()));
    hone.put("encode", group(Keys.ENCODE, run.encode()));
    Map<String, Object> train = group(Keys.TRAIN, run.train());
    putAll(train, Keys.CHECKPOINTS, run.checkpoints());
    hone.put("train", train);
    Map<String, Object> evaluate =
        group(
            Keys.EVALUATE.stream()
                .filter(key -> !key.equals(Keys.OTHER_MODELS) && !key.equals(Keys.OTHER_RUNS))
                .toList(),
            run.evaluate());
    evaluate.put(
        "models",
        run.evaluate().models().stream().map(item -> group(Keys.OTHER_MODEL, item)).toList());
    evaluate.put(
        "runs", run.evaluate().runs().stream().map(item -> group(Keys.OTHER_RUN, item)).toList());
    putAll(evaluate, Keys.FORGETTING, run.forgetting());
    putAll(evaluate, Keys.DETAIL, run.detail());
    hone.put("evaluate", evaluate);
    hone.put("tune", group(Keys.TUNE, run.tune()));
    return hone;
  }

  /** A file that includes another one and goes over some of its keys. */
  static String including(Path file, List<String> sets) {
    Problems problems = new Problems();
    Config over = ConfigFactory.empty();
    for (String set : sets) {
      over = Sources.set(set, problems).withFallback(over);
    }
    problems.throwIfAny();
    return "include required(file("
        + ConfigUtil.quoteString(file.toAbsolutePath().toString())
        + "))\n"
        + over.root().render(ConfigRenderOptions.concise().setFormatted(true).setJson(false));
  }

  private static Map<String, Object> dataset(DatasetConfig dataset) {
    Map<String, Object> tree = group(Keys.DATASET, dataset);
    dataset.sources().forEach((role, source) -> putAll(tree, Keys.source(role), source));
    putAll(tree, Keys.OWN, dataset.own());
    putAll(tree, Keys.SPLIT, dataset.split());
    return tree;
  }

  private static <C> Map<String, Object> group(List<Key<C, ?>> keys, C config) {
    Map<String, Object> tree = new TreeMap<>();
    putAll(tree, keys, config);
    return tree;
  }

  private static <C> void putAll(Map<String, Object> tree, List<Key<C, ?>> keys, C config) {
    for (Key<C, ?> key : keys) {
      put(tree, key.name(), value(key, config));
    }
  }

  private static <C, T> Object value(Key<C, T> key, C config) {
    return masked(key.name(), key.type().renderer().apply(key.accessor().apply(config)));
  }

  private static Object masked(String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> masked = new TreeMap<>();
      map.forEach((key, item) -> masked.put((String) key, masked((String) key, item)));
      return masked;
    }
    if (value instanceof String text) {
      return Secrets.isSecret(name) ? Secrets.MASK : Secrets.masked(text);
    }
    return value;
  }

  private static void put(Map<String, Object> tree, String name, Object value) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      tree.put(name, value);
      return;
    }
    @SuppressWarnings("unchecked") // putAll alone makes the inner maps
    Map<String, Object> inner =
        (Map<String, Object>)
            tree.computeIfAbsent(name.substring(0, dot), part -> new TreeMap<String, Object>());
    put(inner, name.substring(dot + 1), value);
  }

  /** Every key with the accepted values, the default and the meaning, for a terminal. */
  static String helpText() {
    StringBuilder text = new StringBuilder();
    for (Key<?, ?> key : Keys.all()) {
      text.append("hone.")
          .append(key.path())
          .append("\n    ")
          .append(key.description())
          .append("\n    Accepts ")
          .append(key.type().accepts())
          .append(". ")
          .append(key.defaultText() == null ? "Required." : "Default: " + key.defaultText())
          .append('\n');
    }
    return text.toString();
  }

  /** Every key with the accepted values, the default and the meaning, as a Markdown table. */
  static String markdownTable() {
    StringBuilder text =
        new StringBuilder("| key | accepts | default | meaning |\n|---|---|---|---|\n");
    for (Key<?, ?> key : Keys.all()) {
      text.append("| `")
          .append(key.path())
          .append("` | ")
          .append(cell(key.type().accepts()))
          .append(" | ")
          .append(key.defaultText() == null ? "required" : "`" + key.defaultText() + "`")
          .append(" | ")
          .append(cell(key.description()))
          .append(" |\n");
    }
    return text.toString();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
