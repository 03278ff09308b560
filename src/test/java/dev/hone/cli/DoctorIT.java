package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.store.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command in a JVM of its own, on real executors, some of which lack what they need. */
class DoctorIT {
  private static final String TWO_EXECUTORS = "local-cluster[2,1,1024]";
  private static final String RENAMES =
      "org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol";
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  @TempDir private Path folder;

  private final Map<String, String> settings = new TreeMap<>();

  private HoneProcess doctor(String master, String... more) throws IOException {
    String[] arguments = Arrays.copyOf(more, more.length + 3);
    System.arraycopy(more, 0, arguments, 3, more.length);
    arguments[0] = "doctor";
    arguments[1] = "--workspace";
    arguments[2] = folder.resolve("workspace").toString();
    return HoneProcess.start(folder, "doctor", master, settings, arguments);
  }

  private void librariesOnExecutors() {
    settings.put("spark.executor.extraClassPath", TARGET + "/hone.jar:" + TARGET + "/lib/*");
  }

  private static String[] rowsOf(String check, HoneProcess process) {
    return process
        .output()
        .lines()
        .takeWhile(line -> !line.isBlank())
        .filter(line -> line.startsWith(check + " "))
        .map(line -> line.replaceAll(" +", " "))
        .toArray(String[]::new);
  }

  @Test
  void everyExecutorIsExamined() throws Exception {
    librariesOnExecutors();

    HoneProcess process = doctor(TWO_EXECUTORS);

    assertThat(process.exitCode()).as(process.output() + process.errors()).isZero();
    String both = "executors 0, 1 on 127.0.0.1 ok ";
    assertThat(process.output()).startsWith("check ");
    assertThat(rowsOf("executors", process))
        .containsExactly("executors " + both + "1 cores, heap of 1.0 GiB");
    assertThat(rowsOf("libtorch", process))
        .containsExactly(
            "libtorch driver ok libtorch 2.7.1 multiplies rightly",
            "libtorch " + both + "libtorch 2.7.1 multiplies rightly");
    assertThat(rowsOf("tokenizers", process)[1]).startsWith("tokenizers " + both);
    assertThat(rowsOf("cache", process)[1]).startsWith("cache " + both);
    assertThat(rowsOf("storage", process)[1])
        .isEqualTo("storage " + both + folder + "/workspace is the driver's and can be written");
  }

  @Test
  void executorsWithoutTheLibrariesAndWithAGpuThatLibtorchDoesNotSeeAreTold() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("gpus.sh"),
            "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\"]}'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    settings.put("spark.worker.resource.gpu.amount", "1");
    settings.put("spark.worker.resource.gpu.discoveryScript", script.toString());
    settings.put("spark.executor.resource.gpu.amount", "1");
    settings.put("spark.task.resource.gpu.amount", "1");

    HoneProcess process = doctor(TWO_EXECUTORS);

    assertThat(process.exitCode()).as(process.output() + process.errors()).isEqualTo(4);
    assertThat(rowsOf("libtorch", process)[0]).startsWith("libtorch driver ok");
    assertThat(rowsOf("libtorch", process)[1])
        .startsWith("libtorch executors 0, 1 on 127.0.0.1 fault")
        .contains("NoClassDefFoundError");
    assertThat(rowsOf("gpu", process))
        .containsExactly(
            "gpu executors 0, 1 on 127.0.0.1 fault given by Spark: 0; seen by libtorch: 0; in the machine: 0");
    assertThat(rowsOf("storage", process)[1]).contains(" ok ");
    assertThat(process.output()).contains("to mend: ").doesNotContain("\tat ");
  }

  @Test
  void executorsThatDoNotComeAreAFaultWithCounts() throws Exception {
    settings.put("spark.executor.cores", "2");

    HoneProcess process = doctor(TWO_EXECUTORS, "--wait", "15");

    assertThat(process.exitCode()).as(process.errors()).isEqualTo(4);
    assertThat(rowsOf("executors", process))
        .containsExactly("executors - fault 0 of 2 came within 15 s");
    assertThat(rowsOf("storage", process)[0]).contains(" ok ");
    assertThat(process.output()).contains("spark.executor.cores");
  }

  @Test
  void aMasterThatDoesNotAnswerIsAFault() throws Exception {
    HoneProcess process = doctor("spark://127.0.0.1:1", "--wait", "15");

    assertThat(process.exitCode()).as(process.errors()).isEqualTo(4);
    assertThat(rowsOf("spark", process))
        .containsExactly("spark - fault master spark://127.0.0.1:1: it did not start within 15 s");
    assertThat(rowsOf("storage", process)[0]).contains(" ok ");
  }

  @Test
  void aPlatformWithoutLibtorchIsALineAndNoStackTrace() throws Exception {
    settings.put("spark.driver.extraJavaOptions", "-Dos.arch=riscv64");

    HoneProcess process = doctor("local[2]");

    assertThat(process.exitCode()).as(process.output() + process.errors()).isEqualTo(4);
    assertThat(rowsOf("libtorch", process)).hasSize(1);
    assertThat(rowsOf("libtorch", process)[0]).startsWith("libtorch driver fault ");
    assertThat(rowsOf("tokenizers", process)[0]).startsWith("tokenizers driver fault ");
    assertThat(rowsOf("storage", process)[0]).startsWith("storage driver ok ");
    assertThat(process.output()).contains("PYTORCH_LIBRARY_PATH").doesNotContain("\tat ");
  }

  @Test
  void aWorkspaceOnS3IsTriedByTheServerAndTheCommitterIsLookedAt() throws Exception {
    try (S3Server server = S3Server.start(folder)) {
      settings.put("spark.sql.sources.commitProtocolClass", RENAMES);
      server.settings().forEach((key, value) -> settings.put("spark.hadoop." + key, value));

      HoneProcess process =
          HoneProcess.start(
              folder, "s3", "local[2]", settings, "doctor", "--workspace", server.bucket() + "/w");

      assertThat(process.exitCode()).as(process.output() + process.errors()).isZero();
      assertThat(rowsOf("storage", process)[0]).startsWith("storage driver ok " + server.bucket());
      assertThat(process.output()).contains("Pass --spark-conf conf/spark/s3a.conf.");
    }
  }
}
