package dev.hone.report;

import static dev.hone.report.TableFrame.number;
import static dev.hone.report.TableFrame.text;

import dev.hone.report.MiningData.FilterCount;
import dev.hone.report.MiningData.StrategyCount;
import dev.hone.report.TableFrame.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the section about hard negatives: what was found, dropped and kept, and examples. */
final class HtmlMining {
  private final Markup page;
  private final TableFrame frame;

  HtmlMining(Markup page) {
    this.page = page;
    this.frame = new TableFrame(page);
  }

  void write(MiningData data) {
    page.text("p", lead(data));
    if (!data.strategies().isEmpty()) {
      strategies(data.strategies());
    }
    if (!data.scores().panels().isEmpty()) {
      page.text("h3", "Scores" + ofRound(data));
      new HtmlScores(page).write(data.scores());
    }
    if (!data.filters().isEmpty()) {
      page.text("h3", "What the filters dropped");
      filters(data.filters());
    }
    if (!data.examples().isEmpty()) {
      page.text("h3", "Examples" + ofRound(data));
      new HtmlNegatives(page).write(data.examples());
    }
  }

  private static String lead(MiningData data) {
    long found = data.strategies().stream().mapToLong(StrategyCount::candidates).sum();
    long given = data.strategies().stream().mapToLong(StrategyCount::negatives).sum();
    long rounds = data.strategies().stream().map(StrategyCount::round).distinct().count();
    String kept =
        given == 0 ? "none became a negative" : Numbers.count(given) + " became negatives";
    return "Strategies found "
        + Numbers.counted(found, "candidate")
        + (rounds > 1 ? " in " + rounds + " rounds" : "")
        + "; "
        + kept
        + ".";
  }

  /** Names the round where there are several. */
  private static String ofRound(MiningData data) {
    int last = data.lastRound();
    boolean several = data.strategies().stream().anyMatch(one -> one.round() != last);
    return several ? " of round " + last : "";
  }

  private void strategies(List<StrategyCount> counts) {
    boolean rounds = counts.stream().map(StrategyCount::round).distinct().count() > 1;
    List<Column> columns = columns(rounds, text("Data set"));
    columns.add(text("Strategy"));
    columns.add(number("Candidates"));
    columns.add(number("Negatives"));
    columns.add(number("Queries"));
    frame.table(
        "What each strategy found and gave, and to how many queries. A document that several give counts for the first.",
        columns,
        () -> {
          for (StrategyCount count : counts) {
            page.element(
                "tr",
                () -> {
                  page.text("th", count.dataset(), "scope", "row");
                  round(rounds, count.round());
                  page.text("td", count.strategy());
                  frame.cell(Numbers.count(count.candidates()));
                  frame.cell(Numbers.count(count.negatives()));
                  frame.cell(Numbers.count(count.queries()));
                });
          }
        });
  }

  private void filters(List<FilterCount> counts) {
    boolean rounds = counts.stream().map(FilterCount::round).distinct().count() > 1;
    ofAll(counts, rounds);
    if (counts.stream().map(FilterCount::dataset).distinct().count() > 1) {
      page.element(
          "details",
          () -> {
            page.text("summary", "By data set");
            byDataset(counts, rounds);
          });
    }
  }

  /** One row per strategy and filter, over all data sets. */
  private void ofAll(List<FilterCount> counts, boolean rounds) {
    Map<Group, FilterCount> sums = new LinkedHashMap<>();
    for (FilterCount count : counts) {
      FilterCount whole =
          new FilterCount(
              "", count.round(), count.strategy(), count.filter(), count.kept(), count.dropped());
      sums.merge(
          new Group("", count.round(), count.strategy(), count.filter()), whole, HtmlMining::sum);
    }
    List<Column> columns = columns(rounds, text("Strategy"));
    columns.addAll(
        List.of(
            text("Filter"),
            number("Reached"),
            number("Dropped"),
            number("Dropped, share"),
            number("Kept")));
    frame.table(
        "What each filter did to the candidates of each strategy: what one keeps"
            + " reaches the next.",
        columns,
        () ->
            sums.values().stream()
                .sorted(
                    Comparator.comparingInt(FilterCount::round)
                        .thenComparing(FilterCount::strategy))
                .forEach(count -> filter(count, rounds)));
  }

  private static FilterCount sum(FilterCount one, FilterCount other) {
    return new FilterCount(
        one.dataset(),
        one.round(),
        one.strategy(),
        one.filter(),
        one.kept() + other.kept(),
        one.dropped() + other.dropped());
  }

  private void filter(FilterCount count, boolean rounds) {
    double share = count.reached() == 0 ? Double.NaN : (double) count.dropped() / count.reached();
    page.element(
        "tr",
        () -> {
          page.text("th", count.strategy(), "scope", "row");
          round(rounds, count.round());
          page.text("td", count.filter());
          frame.cell(Numbers.count(count.reached()));
          frame.cell(Numbers.count(count.dropped()));
          frame.cell(Numbers.percentage(share));
          frame.cell(Numbers.count(count.kept()));
        });
  }

  /** One row per data set and strategy, one column per filter. */
  private void byDataset(List<FilterCount> counts, boolean rounds) {
    List<String> names = counts.stream().map(FilterCount::filter).distinct().toList();
    Map<Group, Map<String, FilterCount>> groups = new LinkedHashMap<>();
    for (FilterCount count : counts) {
      groups
          .computeIfAbsent(
              new Group(count.dataset(), count.round(), count.strategy(), ""),
              group -> new LinkedHashMap<>())
          .put(count.filter(), count);
    }
    List<Column> columns = columns(rounds, text("Data set"));
    columns.add(text("Strategy"));
    columns.add(number("Reached"));
    names.forEach(name -> columns.add(number(name)));
    columns.add(number("Kept"));
    frame.table(
        "What reached the first filter, what each dropped, and what the last one kept.",
        columns,
        () -> groups.forEach((group, filters) -> dropped(group, filters, names, rounds)));
  }

  private void dropped(
      Group group, Map<String, FilterCount> filters, List<String> names, boolean rounds) {
    List<FilterCount> asked = List.copyOf(filters.values());
    page.element(
        "tr",
        () -> {
          page.text("th", group.dataset(), "scope", "row");
          round(rounds, group.round());
          page.text("td", group.strategy());
          frame.cell(Numbers.count(asked.get(0).reached()));
          for (String name : names) {
            FilterCount count = filters.get(name);
            frame.cell(count == null ? "\u2013" : Numbers.count(count.dropped()));
          }
          frame.cell(Numbers.count(asked.get(asked.size() - 1).kept()));
        });
  }

  /** The first columns of a table; the round is one of them where there are several. */
  private static List<Column> columns(boolean rounds, Column first) {
    List<Column> columns = new ArrayList<>();
    columns.add(first);
    if (rounds) {
      columns.add(number("Round"));
    }
    return columns;
  }

  private void round(boolean rounds, int round) {
    if (rounds) {
      frame.cell(String.valueOf(round));
    }
  }

  private record Group(String dataset, int round, String strategy, String filter) {}
}
