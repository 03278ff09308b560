package dev.hone.cluster;

import dev.hone.model.ModelReference;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.store.CommittedFile;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import dev.hone.train.OptimizerState;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a segment of training leaves to the next one, in a form that travels to an executor: the
 * model's folder, and the optimizer's state.
 *
 * @param model the segment's model, which the executor's host finds for itself
 * @param optimizer where the optimizer's state lies
 * @param files the state's files
 */
public record Handover(ModelReference model, String optimizer, List<CommittedFile> files)
    implements Serializable {
  /** Name of the artifact that holds the optimizer's state. */
  static final String OPTIMIZER = "optimizer";

  /** Copies the list. */
  public Handover {
    files = List.copyOf(files);
  }

  /**
   * What a segment left.
   *
   * @param segment a commit of the step {@code segment}
   */
  public static Handover of(StageContext context, Commit segment) {
    return new Handover(
        TrainedModel.of(context, segment).reference(),
        context.workspace().artifactPath(segment.step(), segment.attempt(), OPTIMIZER),
        segment.artifact(OPTIMIZER).files());
  }

  /** Reads the optimizer's state, checked against its checksums. */
  OptimizerState state(Workspace workspace) throws IOException {
    Path folder = Files.createTempDirectory("hone-optimizer");
    try {
      workspace.download(optimizer, files, folder);
      return OptimizerState.read(folder);
    } finally {
      LocalCache.delete(folder);
    }
  }
}
