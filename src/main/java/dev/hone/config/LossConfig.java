package dev.hone.config;

import java.util.Collections;
import java.util.List;

/**
 * What training makes small, and in how much memory.
 *
 * @param loss the loss, or auto: the one that suits the rows
 * @param scale factor on cosine similarity, above 0
 * @param symmetric whether positives have to find their queries too
 * @param directions what is compared with what, queries with documents among them
 * @param partitionMode whether the directions share a denominator
 * @param hardness which negatives weigh more the more similar they are
 * @param hardnessStrength by how much, 0 or more
 * @param distance what the triplet loss measures by
 * @param margin by how much a positive must be nearer than a negative, above 0
 * @param matryoshkaDims lengths at which the beginnings of vectors are trained; empty: whole ones
 * @param matryoshkaWeights one for each of them, above 0; auto: 1 each
 * @param matryoshkaReduction how the losses at all lengths become one
 * @param chunkTokens padded tokens of a forward pass, 8 or more
 * @param activationMemory MiB for graphs that a cached loss keeps, 0 or more
 * @param guide what leaves more documents out of a row's negatives
 * @param distillation what is learned from a teacher instead
 */
public record LossConfig(
    Loss loss,
    double scale,
    boolean symmetric,
    List<Direction> directions,
    PartitionMode partitionMode,
    Hardness hardness,
    double hardnessStrength,
    Distance distance,
    Auto<Double> margin,
    List<Integer> matryoshkaDims,
    Auto<List<Double>> matryoshkaWeights,
    Reduction matryoshkaReduction,
    int chunkTokens,
    int activationMemory,
    GuideConfig guide,
    DistillationConfig distillation) {

  /** Refuses values out of range, and those that change nothing beside the others. */
  public LossConfig {
    Keys.LOSS_NAME.check(loss);
    Keys.SCALE.check(scale);
    Keys.DIRECTIONS.check(directions);
    Keys.PARTITION_MODE.check(partitionMode);
    Keys.HARDNESS.check(hardness);
    Keys.HARDNESS_STRENGTH.check(hardnessStrength);
    Keys.DISTANCE.check(distance);
    Keys.MARGIN.check(margin);
    Keys.MATRYOSHKA_DIMS.check(matryoshkaDims);
    Keys.MATRYOSHKA_WEIGHTS.check(matryoshkaWeights);
    Keys.MATRYOSHKA_REDUCTION.check(matryoshkaReduction);
    Keys.TRAIN_CHUNK_TOKENS.check(chunkTokens);
    Keys.ACTIVATION_MEMORY.check(activationMemory);
    directions = List.copyOf(directions);
    matryoshkaDims = List.copyOf(matryoshkaDims);
    boolean ranks = symmetric || directions.size() > 1 || hardness != Hardness.NONE || guide.isOn();
    boolean separates = distance != Distance.EUCLIDEAN || !margin.isAuto();
    require(
        directions.contains(Direction.QUERY_TO_DOCUMENT),
        "directions must have query-to-document among them: it holds the positive");
    require(
        !symmetric || (directions.size() == 1 && partitionMode == PartitionMode.JOINT),
        "symmetric is directions = [query-to-document, document-to-query] with partition-mode = per-direction: give one of the two");
    require(
        partitionMode == PartitionMode.JOINT
            || Collections.disjoint(
                directions, List.of(Direction.QUERY_TO_QUERY, Direction.DOCUMENT_TO_DOCUMENT)),
        "partition-mode is per-direction, but query-to-query and document-to-document hold no positive, which a softmax of their own needs: leave them out, or set partition-mode = joint");
    require(
        (hardness == Hardness.NONE) == (hardnessStrength == 0),
        "hardness and train.hardness-strength need each other: a word other than none, and a number above 0");
    require(
        loss.ranks() || !ranks,
        "loss is "
            + ValueTypes.word(loss)
            + ", but symmetric, directions, hardness and guide belong to mnrl and cached-mnrl");
    require(
        !distillation.isOn() || (loss.ranks() && !ranks),
        "distillation takes the place of mnrl, with its own negatives alone: leave out symmetric, directions, hardness, guide and another loss");
    require(
        loss == Loss.TRIPLET || !separates,
        "loss is not triplet, but distance and margin belong to it alone: set loss = triplet, or leave them out");
    int dims = matryoshkaDims.size();
    int weights = matryoshkaWeights.orElse(Collections.nCopies(dims, 1.0)).size();
    require(
        weights == dims,
        "matryoshka-weights has %d numbers for %d of matryoshka-dims: give one for each"
            .formatted(weights, dims));
  }

  /**
   * The same with a data set's own settings. What another loss than its own has a use for is left
   * out.
   *
   * @param wanted its loss
   * @throws IllegalArgumentException if its own settings do not belong to it
   */
  LossConfig of(Loss wanted, OwnTrainConfig own) {
    boolean ranks = wanted.ranks();
    boolean separates = wanted == Loss.TRIPLET;
    String is = "loss is " + ValueTypes.word(wanted) + ", but ";
    require(
        ranks || own.symmetric().isAuto(), is + "its symmetric belongs to mnrl and cached-mnrl");
    require(separates || own.margin().isAuto(), is + "its margin belongs to triplet");
    require(!separates || own.scale().isAuto(), is + "its scale belongs to the others");
    require(
        wanted != Loss.COSENT || own.negativesPerQuery().isAuto(),
        is + "its negatives-per-query belongs to the others");
    require(
        wanted != Loss.COSENT || own.queryPrompt().isAuto(),
        is + "its prompts.query stands before none of its texts, which are documents both");
    return new LossConfig(
        wanted,
        own.scale().orElse(scale),
        ranks && own.symmetric().orElse(symmetric),
        ranks ? directions : List.of(Direction.QUERY_TO_DOCUMENT),
        ranks ? partitionMode : PartitionMode.JOINT,
        ranks ? hardness : Hardness.NONE,
        ranks ? hardnessStrength : 0,
        separates ? distance : Distance.EUCLIDEAN,
        !separates ? Auto.chosen() : own.margin().isAuto() ? margin : own.margin(),
        matryoshkaDims,
        matryoshkaWeights,
        matryoshkaReduction,
        chunkTokens,
        activationMemory,
        ranks ? guide : GuideConfig.OFF,
        ranks ? distillation : DistillationConfig.OFF);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("train." + problem);
    }
  }
}
