package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.report.ReportData.MetricValue;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTableTest {

  @Test
  void showsEveryDataSetAndModelWithTheMeanLast() {
    List<String> lines = SummaryTable.render(Samples.metrics(), Measure.NDCG_10).lines().toList();

    assertThat(lines.get(0))
        .isEqualTo(
            "Data set                        Model          NDCG@10    MRR@10    MAP@10"
                + "  Recall@100     vs base");
    assertThat(lines).hasSize(2 + 5 * 3);
    assertThat(lines.get(2))
        .isEqualTo(
            "biomedical                      base            0.4127    0.3811    0.3702"
                + "      0.7214");
    assertThat(lines.get(4))
        .isEqualTo(
            "                                tuned           0.4789    0.4430    0.4318"
                + "      0.8015     +16.0 %");
    assertThat(lines.get(13)).contains("tuned").endsWith("-0.6 %");
    assertThat(lines.get(14)).startsWith("all (macro)  ");
    assertThat(lines.get(16)).endsWith("+9.4 %");
  }

  @Test
  void anotherPrimaryMeasureStandsFirstAndIsTheOneCompared() {
    Measure primary = new Measure("recall", 5);
    List<MetricValue> metrics =
        List.of(
            new MetricValue("base", "legal", primary, .5, .4, .6, 9),
            new MetricValue("tuned", "legal", primary, .75, .7, .8, 9));

    List<String> lines = SummaryTable.render(metrics, primary).lines().toList();

    assertThat(lines.get(0)).contains("Recall@5   NDCG@10    MRR@10      MAP@10");
    assertThat(lines.get(3)).contains("0.7500").endsWith("+50.0 %");
  }

  @Test
  void staysWithinAHundredColumnsWhateverTheNames() {
    MetricValue value =
        new MetricValue("m\n".repeat(50), "d".repeat(200), Measure.NDCG_10, 1, 1, 1, 1);

    String table = SummaryTable.render(List.of(value), Measure.NDCG_10);

    assertThat(table.lines()).hasSize(3).allMatch(line -> line.length() <= 100);
    assertThat(table).contains("...");
  }

  @Test
  void whatWasNotMeasuredIsADash() {
    List<MetricValue> metrics =
        List.of(
            new MetricValue("tuned", "legal", Measure.NDCG_10, .5, Double.NaN, Double.NaN, 9),
            new MetricValue("bm25", "finance", new Measure("mrr", 10), .25, .2, .3, 9));

    List<String> lines = SummaryTable.render(metrics, Measure.NDCG_10).lines().toList();

    assertThat(lines.get(2).split("\\s+"))
        .containsExactly("finance", "bm25", "-", "0.2500", "-", "-");
    assertThat(lines.get(3).split("\\s+"))
        .containsExactly("legal", "tuned", "0.5000", "-", "-", "-", "-");
  }

  @Test
  void dataSetsWhosePairsAreComparedStandBelow() {
    Measure accuracy = new Measure("triplet_accuracy", 0);
    List<MetricValue> metrics =
        List.of(
            new MetricValue("base", "legal", Measure.NDCG_10, .5, .4, .6, 9),
            new MetricValue("base", "nli", accuracy, .5, .4, .6, 9),
            new MetricValue("tuned", "nli", accuracy, .75, .7, .8, 9));

    List<String> lines = SummaryTable.render(metrics, Measure.NDCG_10).lines().toList();

    assertThat(lines).hasSize(8);
    assertThat(lines.get(3)).isEmpty();
    assertThat(lines.get(6).split("\\s+"))
        .containsExactly("nli", "base", "Triplet", "accuracy", "0.5000");
    assertThat(lines.get(7)).contains("tuned").contains("0.7500").endsWith("+50.0 %");
  }
}
