package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.store.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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

  private HoneProcess run(S3Server server, String... command) throws Exception {
    String[] arguments = java.util.Arrays.copyOf(command, command.length + 2);
    arguments[command.length] = "--workspace";
    arguments[command.length + 1] = server.bucket() + "/hone";
    Map<String, String> settings = new TreeMap<>();
    server.settings().forEach((key, value) -> settings.put("spark.hadoop." + key, value));
    HoneProcess process = HoneProcess.start(folder, command[0], "local[2]", settings, arguments);
    assertThat(process.exitCode()).as(process.errors()).isZero();
    return process;
  }
}
