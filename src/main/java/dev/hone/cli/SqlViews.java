package dev.hone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The views of jobs/sql, which answer what is asked of the tables first. */
final class SqlViews {
  /** A view stands after those that it reads. */
  static final List<String> NAMES =
      List.of(
          "headline_run_metrics",
          "headline_query_metrics",
          "leaderboard",
          "regressions",
          "worst_queries",
          "dimension_precision",
          "negatives_by_strategy",
          "cost_against_quality",
          "leakage",
          "run_status");

  private SqlViews() {}

  /** The statements that make the views, over the tables and the view {@code runs}. */
  static List<String> statements() {
    return NAMES.stream().map(SqlViews::statement).toList();
  }

  /**
   * The views that some queries read.
   *
   * @param runs whether the view {@code runs} is among them
   * @param statements that make the others
   */
  record Needed(boolean runs, List<String> statements) {}

  /**
   * The views that queries name, and those that these read: Spark takes two seconds to look at all
   * of them. Queries that ask what there is get all.
   */
  static Needed needed(List<String> queries) {
    String asked = String.join("\n", queries).toLowerCase(Locale.ROOT);
    if (asked.contains("show")) {
      return new Needed(true, statements());
    }
    List<String> needed = new ArrayList<>();
    StringBuilder readers = new StringBuilder(asked);
    for (int i = NAMES.size() - 1; i >= 0; i--) {
      if (readers.indexOf(NAMES.get(i)) >= 0) {
        needed.add(0, statement(NAMES.get(i)));
        readers.append(needed.get(0));
      }
    }
    return new Needed(readers.indexOf("runs") >= 0, needed);
  }

  private static String statement(String name) {
    return text(name).strip().replaceFirst(";$", "");
  }

  /** Each view with the question that it answers, for people. */
  static String help() {
    return NAMES.stream()
        .map(name -> "  %-22s  %s%n".formatted(name, question(name)))
        .collect(Collectors.joining("", "%nViews, besides the tables and runs:%n".formatted(), ""));
  }

  private static String question(String name) {
    return text(name).lines().findFirst().orElse("").replaceFirst("^-- ", "");
  }

  private static String text(String name) {
    String path = "sql/" + name + ".sql";
    try (InputStream file = SqlViews.class.getResourceAsStream(path)) {
      if (file == null) {
        throw new FileNotFoundException(path + " is not in Hone's jar");
      }
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
