package dev.hone.cli;

import dev.hone.config.RunConfig;
import dev.hone.doctor.Doctor;
import dev.hone.doctor.DoctorSettings;
import dev.hone.doctor.Examination;
import dev.hone.error.ErrorCode;
import dev.hone.store.LocalCache;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what is wrong with Java, Spark, the native libraries, the devices and the storage. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Java, Spark, native libraries, each executor's device, storage: what is wrong")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "longest wait for Spark, its executors and each trial (${DEFAULT-VALUE})")
  private int seconds;

  @Override
  public Integer call() throws InterruptedException {
    RunConfig config = options.load();
    DoctorSettings settings =
        new DoctorSettings(
            config,
            Session.hadoop(),
            LocalCache.folderOfUser(),
            DoctorCommand::start,
            Duration.ofSeconds(Math.max(1, seconds)));
    Examination examination = new Doctor(settings).examine();
    System.out.print(examination);
    SparkSession.getDefaultSession().foreach(spark -> stopped(spark));
    return examination.hasFault() ? ErrorCode.CLUSTER.exitCode() : 0;
  }

  /** Spark would wait for executors itself, up to ten minutes, and say nothing. */
  private static SparkSession start() {
    return SparkSession.builder()
        .appName("hone doctor")
        .config("spark.scheduler.minRegisteredResourcesRatio", "0")
        .getOrCreate();
  }

  private static boolean stopped(SparkSession spark) {
    spark.stop();
    return true;
  }
}
