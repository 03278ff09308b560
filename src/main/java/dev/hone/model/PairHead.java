package dev.hone.model;

import dev.hone.model.TorchScriptArchive.Module;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * The head of a cross-encoder: how the token states of a pair become one number. A dense layer, an
 * activation, perhaps a LayerNorm, and a product with one row, as transformers'
 * ForSequenceClassification classes have them.
 *
 * @param pooling which state it begins with: the first token's, or the mean of all
 * @param hidden length of that state
 * @param dense name of the dense layer
 * @param hasBias whether that layer has a bias
 * @param activation what follows it
 * @param norm name of the LayerNorm without bias after that; empty where there is none
 * @param epsilon added to the variance in it
 * @param out name of the last layer
 */
record PairHead(
    Pooling pooling,
    int hidden,
    String dense,
    boolean hasBias,
    Activation activation,
    String norm,
    double epsilon,
    String out) {

  /** What follows the dense layer. */
  enum Activation {
    TANH,
    RELU,
    GELU;

    /** Its class in the source. */
    private String type() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The head that a configuration's architecture has.
   *
   * @throws dev.hone.error.HoneException naming what is not known
   */
  static PairHead of(ConfigJson config, Architecture architecture) {
    int hidden = architecture.hidden();
    String type = config.text("model_type");
    return switch (type) {
      case "bert" -> plain(hidden, "pooler.dense", Activation.TANH, "classifier");
      case "roberta", "xlm-roberta", "mpnet" ->
          plain(hidden, "classifier.dense", Activation.TANH, "classifier.out_proj");
      case "distilbert" -> plain(hidden, "pre_classifier", Activation.RELU, "classifier");
      case "modernbert" -> modernBert(config, hidden);
      default -> throw config.refused("its model_type is '" + type + "'");
    };
  }

  private static PairHead plain(int hidden, String dense, Activation activation, String out) {
    return new PairHead(Pooling.CLS, hidden, dense, true, activation, "", 0, out);
  }

  private static PairHead modernBert(ConfigJson config, int hidden) {
    config.known("classifier_pooling", "cls", "mean");
    config.known("classifier_activation", "gelu");
    return new PairHead(
        config.text("classifier_pooling").equals("mean") ? Pooling.MEAN : Pooling.CLS,
        hidden,
        "head.dense",
        config.json().path("classifier_bias").asBoolean(),
        Activation.GELU,
        "head.norm",
        config.number("norm_eps", 1e-5),
        "classifier");
  }

  /** Name and shape of every weight, but for what a checkpoint may put before them. */
  SortedMap<String, long[]> shapes() {
    Shapes shapes = new Shapes().weight(dense + ".weight", hidden, hidden).linear(out, 1, hidden);
    if (hasBias) {
      shapes.weight(dense + ".bias", hidden);
    }
    if (!norm.isEmpty()) {
      shapes.weight(norm + ".weight", hidden);
    }
    return shapes.all();
  }

  /** Name and class of each step in its order, which its lines in the source are filled with. */
  List<Map<String, String>> steps() {
    List<Map<String, String>> steps = new ArrayList<>();
    steps.add(Map.of("i", "dense", "type", hasBias ? "Linear" : "Projection"));
    steps.add(Map.of("i", "activation", "type", activation.type()));
    if (!norm.isEmpty()) {
      steps.add(Map.of("i", "norm", "type", "ScaleNorm"));
    }
    steps.add(Map.of("i", "out", "type", "Linear"));
    return steps;
  }

  /**
   * The module of the class {@code PairHead}; computed in fp32 in any precision.
   *
   * @param score what is done with the number at the end
   */
  Module module(ArchiveParts parts, ScoreActivation score) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("pooling", pooling.label());
    all.put("score", score.label());
    all.put("dense", parts.fp32Linear(dense));
    all.put("activation", Module.of(activation.type(), Map.of()));
    if (!norm.isEmpty()) {
      all.put("norm", parts.scaleNorm(norm, epsilon));
    }
    all.put("out", parts.fp32Linear(out));
    return Module.of("PairHead", all);
  }
}
