package dev.hone.doctor;

import dev.hone.store.Workspace;
import dev.hone.store.WorkspaceTrial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Examines the executor that it runs on.
 *
 * @param cache the cache's folder
 * @param limit the most time of one trial
 * @param workspace the workspace's URI
 * @param trial the file that the driver has there; empty where it has none
 * @param hadoop the driver's settings of Hadoop
 */
record ExecutorTask(
    String cache, Duration limit, String workspace, String trial, SerializableConfiguration hadoop)
    implements Function<String, String> {

  /** Facts as JSON; the argument is the executor that was meant. */
  @Override
  public String call(String wanted) {
    BlockManagerId self = SparkEnv.get().blockManager().blockManagerId();
    ResourceInformation gpus = TaskContext.get().resourcesJMap().get("gpu");
    List<String> addresses = gpus == null ? List.of() : Arrays.asList(gpus.addresses());
    Configuration settings = hadoop.value();
    return new ProcessProbe(Path.of(cache), limit)
        .examine(
            new Place(self.executorId(), self.host()),
            addresses,
            Outcome.of(limit, () -> storage(settings)))
        .json();
  }

  private String storage(Configuration settings) {
    Workspace seen = Workspace.open(workspace, settings);
    if (!trial.isEmpty() && !WorkspaceTrial.isSeen(seen, trial)) {
      throw new IllegalStateException(
          "%s is another folder here: what the driver wrote there is missing".formatted(workspace));
    }
    return seen.uri() + " is the driver's and can be written";
  }
}
