package dev.hone.cluster;

import dev.hone.model.ModelReference;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.store.CommittedFile;
import dev.hone.store.Workspace;
import dev.hone.train.BestModel;
import dev.hone.train.OptimizerState;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;

/**
 * What a segment of training leaves to the next one, in a form that travels to an executor: the
 * model's folder, the optimizer's state and, where training is validated, the best model so far.
 *
 * @param model the segment's model, which the executor's host finds for itself
 * @param optimizer where the optimizer's state lies
 * @param best where the best model's weights lie, with all validations; null where there are none
 */
public record Handover(ModelReference model, Files optimizer, Files best) implements Serializable {
  /** Name of the artifact that holds the optimizer's state. */
  static final String OPTIMIZER = "optimizer";

  /** Name of the artifact that holds the best model's weights and the validations. */
  static final String BEST = "best";

  /**
   * An artifact's files.
   *
   * @param folder where they lie
   */
  record Files(String folder, List<CommittedFile> files) implements Serializable {
    Files {
      files = List.copyOf(files);
    }

    static Files of(StageContext context, Commit segment, String artifact) {
      return new Files(
          context.workspace().artifactPath(segment.step(), segment.attempt(), artifact),
          segment.artifact(artifact).files());
    }

    /** Copies them to an empty folder, checked against their checksums. */
    Path copy(Workspace workspace, Path local) throws IOException {
      java.nio.file.Files.createDirectories(local);
      workspace.download(folder, files, local);
      return local;
    }
  }

  /**
   * What a segment left.
   *
   * @param segment a commit of the step {@code segment}
   */
  public static Handover of(StageContext context, Commit segment) {
    boolean validated =
        segment.artifacts().stream().anyMatch(artifact -> artifact.name().equals(BEST));
    return new Handover(
        TrainedModel.of(context, segment).reference(),
        Files.of(context, segment, OPTIMIZER),
        validated ? Files.of(context, segment, BEST) : null);
  }

  /**
   * The optimizer's state.
   *
   * @param local a folder that stays until the state has been read
   */
  OptimizerState state(Workspace workspace, Path local) throws IOException {
    return OptimizerState.read(optimizer.copy(workspace, local));
  }

  /**
   * The best model and the validations until then.
   *
   * @param local a folder that stays until the model has been read
   */
  BestModel best(Workspace workspace, Path local) throws IOException {
    return BestModel.read(best.copy(workspace, local));
  }
}
