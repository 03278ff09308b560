package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.store.S3Server;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a workspace on S3, whose server they know from Spark's settings alone. */
class S3WorkspaceIT {
  @TempDir private Path folder;

  @Test
  void whatOneCommandPublishesOthersFind() throws Exception {
    Path pairs = Files.writeString(folder.resolve("p.csv"), "anchor,positive\nwrit,an order\n");
    try (S3Server server = S3Server.start(folder)) {
      Path config =
          Files.writeString(
              folder.resolve("run.conf"),
              """
              hone { run-id = r1, datasets = [ { name = d, type = pairs
                source { format = csv, path = "%s" } } ] }
              """
                  .formatted(pairs));

      run(server, "normalize", "--config", config.toString());
      HoneProcess again = run(server, "normalize", "--config", config.toString());
      HoneProcess ddl = run(server, "sql", "--ddl");

      assertThat(again.errors()).contains("normalize: published already, not done again");
      assertThat(ddl.output())
          .contains("LOCATION '" + server.bucket() + "/hone/data/normalize/")
          .contains("run_id='r1'");
    }
  }

  @Test
  void vectorsAppearByTheStoresCommitterAndNoSecondTime() throws Exception {
    Path texts = Files.writeString(folder.resolve("t.csv"), "body\nwrit\nan order\n");
    try (S3Server server = S3Server.start(folder)) {
      String output = server.bucket() + "/vectors";
      String[] encode = {
        "encode",
        "--input",
        texts.toString(),
        "--text-column",
        "body",
        "--output",
        output,
        "--precision",
        "int8"
      };

      assertThat(run(server, encode).output().strip()).isEqualTo(output);
      HoneProcess second = started(server, encode);

      Path objects = folder.resolve("objects").resolve(output.substring("s3a://".length()));
      assertThat(objects.resolve("_ranges.json")).content().contains("minimum");
      assertThat(objects.resolve("_SUCCESS")).content().contains("\"committer\":\"magic\"");
      assertThat(second.exitCode()).isEqualTo(2);
      assertThat(second.errors()).contains("it exists");
    }
  }

  private HoneProcess run(S3Server server, String... command) throws Exception {
    HoneProcess process = started(server, command);
    assertThat(process.exitCode()).as(process.errors()).isZero();
    return process;
  }

  private HoneProcess started(S3Server server, String... command) throws Exception {
    String[] arguments = java.util.Arrays.copyOf(command, command.length + 2);
    arguments[command.length] = "--workspace";
    arguments[command.length + 1] = server.bucket() + "/hone";
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of("conf/spark/s3a.conf"))) {
      properties.load(reader);
    }
    Map<String, String> settings = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
    server.settings().forEach((key, value) -> settings.put("spark.hadoop." + key, value));
    return HoneProcess.start(folder, command[0], "local[2]", settings, arguments);
  }
}
