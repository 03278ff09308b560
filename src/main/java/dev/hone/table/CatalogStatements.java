package dev.hone.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The SQL statements that make published tables known to any Spark, with or without a metastore and
 * without Hone's jar.
 */
public final class CatalogStatements {

  /**
   * One published folder of a table.
   *
   * @param runId the run that the manifest belongs to
   * @param part which commit of the run
   * @param location the attempt's folder for this table
   */
  public record Partition(String runId, String part, String location) {}

  private CatalogStatements() {}

  /**
   * Statements that create the table and add one partition per published folder.
   *
   * @param root a folder that holds no data: the table's own location, needed by Spark's grammar
   */
  public static List<String> register(
      TableDefinition table, String root, List<Partition> partitions) {
    List<String> statements = new ArrayList<>();
    statements.add(create(table, root));
    for (Partition partition : partitions) {
      statements.add(
          "ALTER TABLE %s ADD IF NOT EXISTS PARTITION (run_id=%s, part=%s) LOCATION %s"
              .formatted(
                  table.name(),
                  literal(partition.runId()),
                  literal(partition.part()),
                  literal(partition.location())));
    }
    return statements;
  }

  private static String create(TableDefinition table, String root) {
    String columns =
        Arrays.stream(table.schema().fields())
            .map(
                field ->
                    "`%s` %s COMMENT %s"
                        .formatted(
                            field.name(),
                            field.dataType().sql(),
                            literal(field.getComment().getOrElse(() -> ""))))
            .collect(Collectors.joining(",\n  "));
    return """
        CREATE TABLE IF NOT EXISTS %s (
          %s,
          `run_id` STRING COMMENT 'the run',
          `part` STRING COMMENT 'which commit of the run: a mining round, a model, or all')
        USING parquet
        PARTITIONED BY (run_id, part)
        LOCATION %s"""
        .formatted(table.name(), columns, literal(root + "/" + table.name()));
  }

  /**
   * A SQL string literal, escaped as Spark's parser reads it. Before that, Spark puts settings and
   * the environment in for what looks like a variable, in literals too: no dollar sign is left.
   */
  public static String literal(String text) {
    return "'"
        + text.replace("\\", "\\\\")
            .replace("'", "\\'")
            .replace("\n", "\\n")
            .replace("${", "\\u0024{")
        + "'";
  }
}
