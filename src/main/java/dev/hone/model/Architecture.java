package dev.hone.model;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * An encoder's architecture with its sizes, as config.json states them: which weights it has, and
 * how its TorchScript is put together.
 */
public sealed interface Architecture permits Bert, DistilBert, ModernBert, MPNet {

  /** What reads each {@code model_type}. */
  private static SortedMap<String, Function<ConfigJson, Architecture>> readers() {
    return new TreeMap<>(
        Map.of(
            "bert",
            config -> Bert.read(config, Bert.Positions.ABSOLUTE),
            "roberta",
            config -> Bert.read(config, Bert.Positions.AFTER_PADDING),
            "xlm-roberta",
            config -> Bert.read(config, Bert.Positions.AFTER_PADDING),
            "mpnet",
            MPNet::read,
            "distilbert",
            DistilBert::read,
            "modernbert",
            ModernBert::read));
  }

  /** The values of {@code model_type} that can be read. */
  static List<String> known() {
    return List.copyOf(readers().keySet());
  }

  /**
   * Reads a configuration.
   *
   * @throws dev.hone.error.HoneException naming what is not known
   */
  static Architecture of(ConfigJson config) {
    Function<ConfigJson, Architecture> reader = readers().get(config.text("model_type"));
    if (reader == null) {
      throw config.refused("its model_type is '" + config.text("model_type") + "'");
    }
    Architecture architecture = reader.apply(config);
    if (architecture.hidden() % architecture.heads() != 0) {
      throw config.refused(
          "the hidden size %d is no multiple of its %d attention heads"
              .formatted(architecture.hidden(), architecture.heads()));
    }
    return architecture;
  }

  /** What config.json states under other names for earlier versions of transformers, by name. */
  default Map<String, Object> earlierNames() {
    return Map.of();
  }

  /** Name of the word embedding. */
  default String words() {
    return "embeddings.word_embeddings.weight";
  }

  /** Rows of the word embedding. */
  int vocabulary();

  /** Hidden size: the length of a token's state. */
  int hidden();

  /** Attention heads; divides the hidden size. */
  int heads();

  /** Whether it is told which of two texts a token belongs to. */
  default boolean tellsTextsApart() {
    return false;
  }

  /** The most tokens of a text that it has positions for. */
  int maxTokens();

  /** Hidden dropout in training that config.json asks for, in [0, 1). */
  double dropout();

  /** What a checkpoint with a head puts before the names of the encoder's weights. */
  String prefix();

  /** Name and shape of every weight. */
  SortedMap<String, long[]> shapes();

  /** The resources that hold its classes, in the order in which they stand in the source. */
  List<String> sources();

  /**
   * The same where texts come in pairs: if it tells them apart, tokens of the second text are
   * marked with 2.
   */
  default List<String> pairSources() {
    return sources();
  }

  /** Transformer layers. */
  int depth();

  /** For each layer, the values that its lines in the source are filled with. */
  default List<Map<String, String>> layers() {
    return IntStream.range(0, depth()).mapToObj(i -> Map.of("i", String.valueOf(i))).toList();
  }

  /** The attributes of the class {@code Transformer}. */
  Map<String, Object> transformer(ArchiveParts parts);
}
