package dev.hone.report;

import static java.util.stream.Collectors.joining;

import dev.hone.report.MiningData.MinedQuery;
import dev.hone.report.MiningData.Negative;
import java.util.List;

/** Writes queries beside their lowest positive and the negatives that strategies gave them. */
final class HtmlNegatives {
  private final Markup page;

  HtmlNegatives(Markup page) {
    this.page = page;
  }

  void write(List<MinedQuery> examples) {
    page.text(
        "p",
        "Of each data set the queries to which most strategies gave a negative, by id; each strategy"
            + " that gave any is among them. The positive is the one that the filter scorer scores"
            + " lowest. Scores of different strategies do not compare.");
    for (int i = 0; i < examples.size(); i++) {
      MinedQuery example = examples.get(i);
      page.element(
          "details",
          () -> example(example),
          i == 0 ? new String[] {"open", "open"} : new String[0]);
    }
  }

  private void example(MinedQuery example) {
    page.element(
        "summary",
        () -> {
          page.text("bdi", example.query());
          page.characters(" \u00b7 ").text("bdi", example.dataset());
          page.characters(" \u00b7 ").text("bdi", strategies(example));
        });
    page.element(
        "div",
        () -> {
          if (!example.positive().isEmpty()) {
            positive(example);
          }
          example.negatives().forEach(negative -> negative(negative, example.positiveScore()));
        },
        "class",
        "rankings");
  }

  private static String strategies(MinedQuery example) {
    return example.negatives().stream().map(Negative::strategy).collect(joining(", "));
  }

  private void positive(MinedQuery example) {
    card(
        "Positive",
        "good",
        "filter score " + Numbers.decimals(example.positiveScore(), 3),
        example.positive());
  }

  private void negative(Negative negative, double positiveScore) {
    StringBuilder facts = new StringBuilder("rank " + Numbers.count(negative.rank()));
    if (Double.isFinite(negative.score())) {
      facts.append(", score ").append(Numbers.significant(negative.score()));
    }
    if (Double.isFinite(negative.filterScore())) {
      facts.append(", filter score ").append(Numbers.decimals(negative.filterScore(), 3));
      if (Double.isFinite(positiveScore)) {
        facts.append(" (positive ").append(Numbers.decimals(positiveScore, 3)).append(')');
      }
    }
    if (Double.isFinite(negative.difficulty())) {
      facts.append(", difficulty ").append(Numbers.decimals(negative.difficulty(), 2));
    }
    if (negative.more() > 0) {
      facts.append("; ").append(Numbers.count(negative.more())).append(" more");
    }
    card(negative.strategy(), "bad", facts.toString(), negative.text());
  }

  private void card(String title, String color, String facts, String text) {
    page.element(
        "div",
        () -> {
          page.element("p", () -> page.text("strong", title, "class", color, "dir", "auto"));
          page.text("p", facts, "class", "note");
          page.text("blockquote", text, "dir", "auto");
        });
  }
}
