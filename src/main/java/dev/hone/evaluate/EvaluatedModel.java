package dev.hone.evaluate;

import dev.hone.config.PrimaryMetric;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Commit;
import dev.hone.store.Manifest;
import dev.hone.store.Workspace;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run published of one model that it evaluated.
 *
 * @param reference how the model was named
 * @param workspace where the run is published
 * @param commit the model's evaluation
 */
public record EvaluatedModel(RunReference reference, Workspace workspace, Commit commit) {
  private static final String STEP = "evaluate";

  /** What changes the values of metrics; a version of Hone may know more or fewer of them. */
  private static final List<String> MEANINGS =
      List.of("gain", "min-relevant-grade", "exclude-identical");

  /** The key with the metric that rankings are judged by. */
  static final String PRIMARY = "primary-metric";

  /**
   * Finds the evaluation.
   *
   * @throws HoneException with {@link ErrorCode#NOT_PUBLISHED}, naming what there is, if the run is
   *     unknown or did not evaluate the model
   */
  public static EvaluatedModel find(RunReference reference, Workspace workspace) {
    List<Manifest> manifests = workspace.manifests(reference.runId());
    if (manifests.isEmpty()) {
      throw missing(
          reference,
          "%s has no such run. Known runs: %s"
              .formatted(workspace.uri(), named(workspace.runIds())));
    }
    List<String> evaluated =
        manifests.stream()
            .filter(manifest -> manifest.step().equals(STEP))
            .map(Manifest::part)
            .toList();
    if (evaluated.isEmpty()) {
      List<String> steps = manifests.stream().map(Manifest::step).distinct().toList();
      throw missing(
          reference,
          "the run has evaluated nothing yet; published are %s. Run evaluate with its configuration first"
              .formatted(named(steps)));
    }
    if (!evaluated.contains(reference.model())) {
      throw missing(
          reference,
          "the run has not evaluated %s. Evaluated models: %s"
              .formatted(reference.model(), named(evaluated)));
    }
    return find(manifests, reference, workspace, reference.model())
        .orElseThrow(
            () ->
                missing(reference, "its evaluation is gone. Run evaluate with its configuration"));
  }

  private static Optional<EvaluatedModel> find(
      List<Manifest> manifests, RunReference reference, Workspace workspace, String model) {
    return commit(manifests, workspace, STEP, model)
        .map(commit -> new EvaluatedModel(reference, workspace, commit));
  }

  private static Optional<Commit> commit(
      List<Manifest> manifests, Workspace workspace, String step, String part) {
    return manifests.stream()
        .filter(manifest -> manifest.step().equals(step) && manifest.part().equals(part))
        .findFirst()
        .flatMap(manifest -> workspace.commit(step, manifest.digest()));
  }

  private static HoneException missing(RunReference reference, String why) {
    return new HoneException(
        ErrorCode.NOT_PUBLISHED, "Cannot compare %s: %s.".formatted(reference.label(), why));
  }

  private static String named(List<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  /** How deep its rankings were searched; a run of another system has what it brought. */
  String depth() {
    return commit.inputs().containsKey("run")
        ? "as in its files"
        : commit.keys().getOrDefault("k", "").replaceAll("^.*[\\[ ](\\d+)]$", "$1");
  }

  /** Another model of the same run, where it was evaluated. */
  Optional<EvaluatedModel> other(String model) {
    return find(workspace.manifests(reference.runId()), reference, workspace, model);
  }

  /** What trained the run's model, where something did. */
  Optional<Commit> training() {
    return commit(workspace.manifests(reference.runId()), workspace, "train", "all");
  }

  /** Digest of the data that the model was evaluated on. */
  String dataDigest() {
    return commit.inputs().getOrDefault("normalize", "");
  }

  /** The data that the model was evaluated on, where it is still published. */
  Optional<Commit> publishedData() {
    return dataDigest().isEmpty() ? Optional.empty() : workspace.commit("normalize", dataDigest());
  }

  /**
   * The same.
   *
   * @throws HoneException with {@link ErrorCode#NOT_PUBLISHED} if it is gone
   */
  Commit data() {
    return publishedData()
        .orElseThrow(
            () ->
                missing(
                    reference,
                    "the data that it was evaluated on is gone from %s. Run normalize with its configuration"
                        .formatted(workspace.uri())));
  }

  /** What rankings are judged by, where the evaluation says so. */
  Optional<PrimaryMetric> primary() {
    return setting(PRIMARY).map(PrimaryMetric::of);
  }

  /** How metrics were computed, as far as the evaluation says so. */
  SortedMap<String, String> meanings() {
    SortedMap<String, String> meanings = new TreeMap<>();
    MEANINGS.forEach(name -> setting(name).ifPresent(value -> meanings.put(name, value)));
    return meanings;
  }

  private Optional<String> setting(String name) {
    return Optional.ofNullable(commit.keys().get(name));
  }
}
