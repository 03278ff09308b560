package dev.hone.cluster;

import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;

/**
 * The model that a step of training published.
 *
 * @param folder its copy on this host
 * @param reference where every host finds it
 */
public record TrainedModel(ModelFolder folder, ModelReference reference) {
  /**
   * A commit's model, checked against its checksums.
   *
   * @param trained a commit of the step {@code train} or {@code segment}
   */
  public static TrainedModel of(StageContext context, Commit trained) {
    ModelFolder folder = ModelFolder.open(context.localCopy(trained, TrainStage.MODEL));
    return new TrainedModel(
        folder,
        new ModelReference(
            context.workspace().artifactPath(trained.step(), trained.attempt(), TrainStage.MODEL),
            folder.digest()));
  }
}
