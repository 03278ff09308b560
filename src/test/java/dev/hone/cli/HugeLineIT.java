package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A record of 100 MB is a reject with its beginning, in the heap that a laptop's driver has, and
 * the records around it stay.
 */
class HugeLineIT {
  private static final int HUGE = 100_000_000;

  @TempDir private Path folder;

  private void write(String name, String before, String after) throws IOException {
    try (Writer file = Files.newBufferedWriter(folder.resolve(name))) {
      file.write(before);
      char[] block = "x".repeat(1_000_000).toCharArray();
      for (int written = 0; written < HUGE; written += block.length) {
        file.write(block);
      }
      file.write(after);
    }
  }

  private static String dataset(String format, Path file) {
    return "{ name = %s, type = pairs, source { format = %s, path = \"%s\" } }"
        .formatted(format, format, file);
  }

  @Test
  void oneRecordIsRefusedAndTheOthersStay() throws Exception {
    write(
        "huge.jsonl",
        "{\"anchor\": \"a\", \"positive\": \"p\"}\n{\"anchor\": \"b\", \"positive\": \"",
        "\"}\n{\"anchor\": \"c\", \"positive\": \"r\"}\n");
    write("huge.csv", "anchor,positive\na,p\nb,", "\nc,r\n");
    Path configuration =
        Files.writeString(
            folder.resolve("run.conf"),
            "hone { datasets = [ %s, %s ], normalize { max-reject-share = 1 } }"
                .formatted(
                    dataset("json", folder.resolve("huge.jsonl")),
                    dataset("csv", folder.resolve("huge.csv"))));
    String workspace = folder.resolve("workspace").toString();

    HoneProcess normalize =
        HoneProcess.start(
            folder,
            "normalize",
            "local[1]",
            "normalize",
            "--config",
            configuration.toString(),
            "--workspace",
            workspace);
    assertThat(normalize.exitCode()).as(normalize.errors()).isZero();

    HoneProcess sql =
        HoneProcess.start(
            folder,
            "sql",
            "local[1]",
            "sql",
            "--workspace",
            workspace,
            "-e",
            "select dataset, position, length(record), record like '%xxxx%' from rejects"
                + " union all select dataset, doc_id, length(text), text in ('p', 'r') from documents"
                + " where length(text) > 1 union all select dataset, 'documents', count(*), true"
                + " from documents group by dataset order by 1, 2");
    assertThat(sql.exitCode()).as(sql.errors()).isZero();
    assertThat(sql.output().lines().skip(1))
        .containsExactly(
            "csv\tdocuments\t2\ttrue",
            "csv\trecord 2\t500\ttrue",
            "json\tdocuments\t2\ttrue",
            "json\trecord 2\t500\ttrue");
  }
}
