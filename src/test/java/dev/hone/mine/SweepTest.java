package dev.hone.mine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.torch.WordNetTexts;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep counts what mining with each margin would keep. */
class SweepTest {
  private static final String STRATEGIES =
      "mine.strategies=[{kind=bm25,quota=1000},{kind=dense,quota=1000}]";

  @TempDir private static Path folder;
  private static MiningGround ground;
  private static Sweep.Result sweep;

  @BeforeAll
  static void sweep() {
    ground = new MiningGround(folder, folder);
    List<String> glosses = WordNetTexts.glosses(40);
    List<String> lemmas = WordNetTexts.lemmas(40);
    for (int i = 0; i < 40; i++) {
      ground.document("wordnet", "d" + i, glosses.get(i));
      ground.query("wordnet", "q" + i, lemmas.get(i));
      ground.judgement("wordnet", "q" + i, "d" + i, 1);
      ground.judgement("wordnet", "q" + i, "d" + (i + 3) % 40, 0);
    }
    sweep = ground.stage(STRATEGIES, "mine.relative-margin=0.25").sweep();
  }

  private static Sweep.Line line(Margin margin) {
    return sweep.lines().stream()
        .filter(line -> line.margin().equals(margin))
        .findFirst()
        .orElseThrow();
  }

  private static void check(Sweep.Line line, String... keys) {
    MineStage.Result mined = ground.stage(STRATEGIES, keys[0], keys[1]).run();
    var negatives = ground.negatives(mined).filter("strategy <> 'given'");
    assertThat(line.candidates()).isEqualTo(negatives.count());
    assertThat(line.queries()).isEqualTo(negatives.select("query_id").distinct().count());
  }

  @Test
  void countsAreThoseOfMining() {
    check(line(Margin.relative(0.25)), "mine.relative-margin=0.25", "mine.absolute-margin=none");
    check(line(Margin.absolute(0.2)), "mine.relative-margin=none", "mine.absolute-margin=0.2");
    check(sweep.lines().get(0), "mine.relative-margin=none", "mine.absolute-margin=none");
  }

  @Test
  void aWiderMarginKeepsNoMore() {
    List<Sweep.Line> relative =
        sweep.lines().stream()
            .filter(line -> line.margin().kind() == Margin.Kind.RELATIVE)
            .toList();
    for (int i = 1; i < relative.size(); i++) {
      assertThat(relative.get(i).candidates())
          .isLessThanOrEqualTo(relative.get(i - 1).candidates());
      assertThat(relative.get(i).queries()).isLessThanOrEqualTo(relative.get(i - 1).queries());
      assertThat(relative.get(i).gaps()).isSorted();
    }
    assertThat(relative.get(0).candidates()).isEqualTo(sweep.candidates());
  }

  @Test
  void examplesAreTheHardestThatTheMarginKeeps() {
    for (Sweep.Line line : sweep.lines()) {
      assertThat(line.examples()).hasSizeBetween(1, 10);
      assertThat(line.examples())
          .allSatisfy(
              example -> {
                assertThat(line.margin().drops(example.score(), example.positiveScore())).isFalse();
                assertThat(example.query()).isNotBlank();
                assertThat(example.positive()).isNotBlank().isNotEqualTo(example.negative());
              });
      assertThat(line.examples())
          .as("one per query; WordNet has two synsets of one first lemma")
          .extracting(example -> example.query() + example.positive())
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void theSuggestionKeepsMostQueriesAndIsPrintedWithEveryMargin() {
    String text = SweepTable.render(sweep);

    assertThat(text)
        .contains("margin ", "none ", "relative 0.05 ", "absolute 0.2 ")
        .contains(sweep.advice())
        .contains("Hardest that margin none keeps, one per query:");
    assertThat(sweep.advice()).startsWith("Suggested: mine.relative-margin = 0.");
    assertThat(sweep.queries()).isEqualTo(40);
  }

  @Test
  void marginsOfTinyScoresAreToldApart() {
    List<Sweep.Line> lines =
        List.of(
            new Sweep.Line(Margin.absolute(0.00002), 2, 1, List.of(), List.of()),
            new Sweep.Line(Margin.absolute(0.00005), 1, 1, List.of(), List.of()),
            new Sweep.Line(Margin.relative(0), 3, 1, List.of(), List.of()));
    assertThat(SweepTable.render(new Sweep.Result(3, 1, lines)))
        .contains("absolute 2.0e-05 ", "absolute 5.0e-05 ", "relative 0 ");
  }

  @Test
  void withoutCandidatesNoMarginIsSuggested() {
    Sweep.Result nothing = ground.stage("mine.strategies=[]").sweep();

    assertThat(nothing.advice()).contains("no margin helps");
    assertThat(SweepTable.render(nothing)).contains("none");
  }

  @Test
  void aMarginThatLeavesFewIsAdvisedAgainstByASweep() {
    Sweep.Result strict = ground.stage(STRATEGIES, "mine.relative-margin=0.99").sweep();

    assertThat(strict.lines()).extracting(Sweep.Line::margin).contains(Margin.relative(0.99));
    assertThat(strict.advice()).isEqualTo(sweep.advice());
  }
}
