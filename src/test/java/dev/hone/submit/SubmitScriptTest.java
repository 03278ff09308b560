package dev.hone.submit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs a copy of submit.sh, in a folder with a space, with other programs in place of its own. */
class SubmitScriptTest {
  private record Result(int exit, String out, String err) {}

  @TempDir private Path folder;
  private Path home;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void copyTheScript() throws IOException {
    copyTheScript("a project");
  }

  private void copyTheScript(String name) throws IOException {
    home = Files.createDirectories(folder.resolve(name));
    Files.copy(Path.of("submit.sh"), home.resolve("submit.sh"), StandardCopyOption.COPY_ATTRIBUTES);
    copyFolder(Path.of("conf"), home.resolve("conf"));
    environment.put("JAVA_HOME", javaOfVersion("17.0.15").toString());
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/usr/bin/env bash\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Path javaOfVersion(String version) throws IOException {
    Path java = folder.resolve("java " + version);
    script(
        java.resolve("bin/java"),
        "echo 'Picked up JAVA_TOOL_OPTIONS: -Xmx1g' >&2\n"
            + "echo 'openjdk version \""
            + version
            + "\" 2025-04-15' >&2");
    return java;
  }

  /** A project without sources that is built already, and a Spark that tells what it was given. */
  private void sparkThatExits(int code) throws IOException {
    Path spark = folder.resolve("a spark");
    script(
        spark.resolve("bin/spark-submit"),
        "printf '%s\\n' \"$@\"\nprintf 'DJL_OFFLINE=%s\\n' \"$DJL_OFFLINE\"\n"
            + "printf 'MALLOC_ARENA_MAX=%s\\n' \"$MALLOC_ARENA_MAX\"\nexit "
            + code);
    environment.put("SPARK_HOME", spark.toString());
    Files.createDirectories(home.resolve("target/lib"));
    Files.writeString(home.resolve("target/hone.jar"), "");
    Files.writeString(home.resolve("target/lib/one.jar"), "");
    Files.writeString(home.resolve("target/lib/two.jar"), "");
  }

  private Result submit(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("submit.sh").toString()));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeAll(List.of("SPARK_HOME", "MALLOC_ARENA_MAX"));
    builder.environment().putAll(environment);
    int exit = builder.start().waitFor();
    return new Result(exit, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  @Test
  void aloneAndWithHelpItPrintsTheCommands() throws Exception {
    for (Result result : List.of(submit(), submit("--help"))) {
      assertThat(result.exit()).isZero();
      assertThat(result.out())
          .contains("Usage: ./submit.sh COMMAND")
          .contains(
              "demo",
              "run",
              "normalize",
              "mine",
              "train",
              "tune",
              "evaluate",
              "compare",
              "report",
              "export",
              "encode",
              "sql",
              "verify",
              "doctor",
              "bench");
    }
  }

  @Test
  void anUnknownCommandIsRefused() throws Exception {
    Result result = submit("tarin");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("There is no command tarin.");
  }

  @Test
  void aDryRunPrintsTheQuotedCommandAndBuildsNothing() throws Exception {
    Result result =
        submit("run", "--set", "train.scale=it's", "--dry-run", "--", "--driver-memory", "4g");

    assertThat(result.exit()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().map(line -> line.replaceAll(" \\\\$", "").strip()))
        .containsSubsequence(
            "'" + home + "/target/spark/bin/spark-submit'",
            "--class",
            "dev.hone.cli.Main",
            "--master",
            "'local[*]'",
            "--properties-file",
            "--driver-class-path",
            "'" + home + "/target/hone.jar:" + home + "/target/lib/*'",
            "--driver-memory",
            "4g",
            "'" + home + "/target/hone.jar'",
            "run",
            "--set",
            "'train.scale=it'\\''s'");
    assertThat(home.resolve("target")).doesNotExist();
  }

  @Test
  void whatADryRunPrintsIsTheCommandThatRuns() throws Exception {
    sparkThatExits(0);
    Result printed = submit("run", "--set", "a='b c'", "--dry-run");
    Result run = submit("run", "--set", "a='b c'");

    Path file = folder.resolve("printed.sh");
    script(file, printed.out());
    Process process = new ProcessBuilder(file.toString()).redirectErrorStream(true).start();
    String again = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(again.lines().filter(line -> !line.startsWith("DJL")).toList())
        .isEqualTo(run.out().lines().filter(line -> !line.startsWith("DJL")).toList());
  }

  @ParameterizedTest
  @CsvSource({"1.8.0_402, 8", "11.0.22, 11", "16-ea, 16"})
  void anOldJavaIsRefusedWithTheMend(String version, String major) throws Exception {
    environment.put("JAVA_HOME", javaOfVersion(version).toString());

    Result result = submit("demo");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err().replace('\n', ' '))
        .contains("needs Java 17 or newer")
        .contains("is Java " + major)
        .contains("JAVA_HOME");
  }

  @Test
  void anOldJavaOnThePathIsRefused() throws Exception {
    environment.put("JAVA_HOME", "");
    environment.put("PATH", javaOfVersion("11.0.22").resolve("bin") + ":" + System.getenv("PATH"));

    Result result = submit("demo");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("the java on the PATH is Java");
  }

  @Test
  void aMissingJavaIsRefused() throws Exception {
    environment.put("JAVA_HOME", "/no/java/here");

    Result result = submit("demo");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("there is no Java at /no/java/here/bin/java");
  }

  @ParameterizedTest
  @CsvSource({"17", "17.0.15", "21-ea", "25.0.1"})
  void aRecentJavaIsTaken(String version) throws Exception {
    sparkThatExits(0);
    environment.put("JAVA_HOME", javaOfVersion(version).toString());

    assertThat(submit("demo").exit()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "spark://h:7077, file:///tmp/w",
    "yarn, /tmp/w",
    "k8s://https://h:6443, relative",
    "yarn, "
  })
  void aRemoteMasterWithALocalWorkspaceIsRefused(String master, String workspace) throws Exception {
    Result result =
        workspace == null
            ? submit("run", "--master", master, "--dry-run")
            : submit("run", "--master", master, "--workspace", workspace, "--dry-run");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("Cannot use the workspace")
        .contains(master)
        .contains("s3a://");
  }

  @Test
  void theWorkspaceOfTheConfigurationAndOfSetCountToo() throws Exception {
    Path local = Files.writeString(folder.resolve("local.conf"), "hone {\n  workspace = \"/w\"\n}");
    Path shared =
        Files.writeString(folder.resolve("s3.conf"), "hone {\n  workspace = \"s3a://b/w\"\n}");

    assertThat(submit("run", "--master=yarn", "--config", local.toString(), "--dry-run").exit())
        .isEqualTo(2);
    assertThat(submit("run", "--master=yarn", "--config", shared.toString(), "--dry-run").exit())
        .isZero();
    assertThat(submit("run", "--master=yarn", "--set", "workspace=hdfs:///w", "--dry-run").exit())
        .isZero();
    assertThat(submit("run", "--master", "local[2]", "--workspace", "/w", "--dry-run").exit())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({"0", "3", "5", "10", "70", "130"})
  void theExitCodeIsThatOfTheCommand(int code) throws Exception {
    sparkThatExits(code);

    assertThat(submit("verify", "r1").exit()).isEqualTo(code);
  }

  @Test
  void argumentsReachTheirReceiverAsTheyAre() throws Exception {
    sparkThatExits(0);

    Result result =
        submit(
            "export",
            "r1",
            "--output",
            "a dir",
            "--config=c.conf",
            "--if-running",
            "wait",
            "--workspace",
            "s3a://b/w",
            "--master",
            "yarn",
            "--",
            "--conf",
            "spark.x=a b");

    List<String> lines = result.out().lines().toList();
    assertThat(lines)
        .containsSubsequence(
            "--master",
            "yarn",
            "--jars",
            home + "/target/lib/one.jar," + home + "/target/lib/two.jar",
            "--conf",
            "spark.x=a b",
            home + "/target/hone.jar",
            "export",
            "r1",
            "--output",
            "a dir",
            "--config",
            "c.conf",
            "--if-running",
            "wait",
            "--workspace",
            "s3a://b/w",
            "DJL_OFFLINE=true",
            "MALLOC_ARENA_MAX=2");
    assertThat(lines.subList(lines.indexOf("export"), lines.size())).doesNotContain("--master");
  }

  @Test
  void propertiesJoinTheCommonOnesAndTheFileGiven() throws Exception {
    sparkThatExits(0);
    Path own = Files.writeString(folder.resolve("my own.conf"), "spark.driver.memory 9g\n");

    Result result = submit("demo", "--spark-conf", own.toString());

    List<String> lines = result.out().lines().toList();
    Path properties = Path.of(lines.get(lines.indexOf("--properties-file") + 1));
    assertThat(Files.readString(properties))
        .startsWith(Files.readString(home.resolve("conf/spark/common.conf")))
        .contains("spark.ui.enabled                  false")
        .endsWith("spark.driver.memory 9g\n");
    assertThat(submit("demo", "--spark-conf", "absent.conf").exit()).isEqualTo(2);
  }

  @Test
  void anOptionWithoutItsValueIsRefused() throws Exception {
    Result result = submit("run", "--config");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("--config needs a value");
  }

  @Test
  void aMasterAfterTheDashesIsRefused() throws Exception {
    Result result = submit("run", "--dry-run", "--", "--master", "yarn");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("Give --master before the --");
  }

  @Test
  void theFirstCallBuildsOnceAndLaterOnesStartAtOnce() throws Exception {
    sparkThatExits(0);
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Files.createDirectories(home.resolve("src/main"));
    Path tools = folder.resolve("tools");
    script(
        tools.resolve("mvn"),
        "echo called >>\"$PWD/calls\"\n"
            + "mkdir -p target/spark/bin target/lib && touch target/hone.jar"
            + " target/spark/bin/spark-submit\n"
            + "echo '[INFO] Downloaded from central: https://r/x/big.jar (111 MB at 9.0 MB/s)'\n"
            + "echo '[INFO] Downloaded from central: https://r/x/small.pom (1.5 kB at 9 kB/s)'");
    environment.put("PATH", tools + ":" + System.getenv("PATH"));
    environment.put("HOME", folder.toString());

    Result first = submit("demo");
    Result second = submit("demo");

    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.err())
        .contains("about 775 MB are downloaded once")
        .contains("111 MB downloaded: big.jar")
        .doesNotContain("small.pom")
        .contains("Built.");
    assertThat(second.exit()).isZero();
    assertThat(second.err()).isEmpty();
    assertThat(Files.readAllLines(home.resolve("calls"))).hasSize(1);
    assertThat(home.resolve("target/build.log")).content().contains("small.pom");

    Files.writeString(home.resolve("src/main/New.java"), "class New {}");
    Files.setLastModifiedTime(
        home.resolve("src/main/New.java"),
        FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    assertThat(submit("demo").err()).contains("Built.");
  }

  @Test
  void theDemoLeavesItsClassesToWhatIsStartedAfterIt() throws Exception {
    copyTheScript("project");
    Files.createDirectories(home.resolve("target/lib"));
    Path jar = Files.writeString(home.resolve("target/hone.jar"), "");
    script(home.resolve("target/spark/bin/spark-submit"), "printf '%s\\n' \"$SPARK_SUBMIT_OPTS\"");
    Path archive = home.resolve("target/hone.jsa");

    assertThat(submit("sql").out()).doesNotContain("hone.jsa");
    assertThat(submit("demo").out()).contains("-XX:ArchiveClassesAtExit=" + archive);
    Files.writeString(archive, "");
    Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
    assertThat(submit("demo").out()).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(submit("sql").out()).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(submit("sql", "--master", "yarn", "--workspace", "s3a://b/w").out())
        .doesNotContain("hone.jsa");
    Files.setLastModifiedTime(jar, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    assertThat(submit("sql").out()).as("of another build").doesNotContain("hone.jsa");
  }

  @Test
  void aFailedBuildShowsItsEndAndIsNotTakenForBuilt() throws Exception {
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Files.createDirectories(home.resolve("src/main"));
    Path tools = folder.resolve("tools");
    script(tools.resolve("mvn"), "echo '[ERROR] No compiler is provided'\nexit 1");
    environment.put("PATH", tools + ":" + System.getenv("PATH"));

    Result result = submit("demo");

    assertThat(result.exit()).isEqualTo(70);
    assertThat(result.err()).contains("No compiler is provided").contains("target/build.log");
    assertThat(home.resolve("target/.built")).doesNotExist();
  }
}
