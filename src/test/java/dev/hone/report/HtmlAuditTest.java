package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.pipeline.SmallWorkspace;
import dev.hone.report.AuditData.RejectedRecords;
import dev.hone.report.ReportData.AuditFinding;
import dev.hone.report.ReportData.DatasetFacts;
import dev.hone.report.ReportData.DatasetSummary;
import dev.hone.report.ReportData.SplitCounts;
import dev.hone.report.ReportData.Usage;
import dev.hone.table.Tables;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** The page about the data, and how it is read from the tables. */
class HtmlAuditTest {
  private static final DatasetFacts FACTS =
      new DatasetFacts("faq", "pairs", "healthcare", Usage.TRAINED, "");

  private static AuditData data(String text) {
    return new AuditData(
        List.of(
            new DatasetSummary(FACTS, 3, new TreeMap<>(Map.of("train", new SplitCounts(2, 2, 0))))),
        List.of(new RejectedRecords("faq", 1200, text, "faq.csv", "record 7", text)),
        List.of(
            new AuditFinding("faq", "all", "truncation", "info", 0, 0, ""),
            new AuditFinding("faq", "test", "leakage", "error", 4, 0.25, text),
            new AuditFinding("faq", "all", "no-positive", "warning", 1, 0.5, "")));
  }

  private static Document parse(String html) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    return factory
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html.replace("<!DOCTYPE html>", ""))));
  }

  private static List<String> texts(Document page, String element) {
    List<String> texts = new ArrayList<>();
    var nodes = page.getElementsByTagName(element);
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  @Test
  void theLeadCountsWhatWasRefusedAndFound() throws Exception {
    assertThat(texts(parse(HtmlAudit.render(data("why"))), "header").get(0))
        .contains("1 data set, 1,200 records refused, 1 error and 1 warning.");
  }

  @Test
  void theWorstFindingsStandFirst() {
    String html = HtmlAudit.render(data("why"));

    assertThat(html.indexOf("leakage")).isLessThan(html.indexOf("no-positive"));
    assertThat(html.indexOf("no-positive")).isLessThan(html.indexOf("truncation"));
  }

  @Test
  void everyTextFromDataIsEscapedAndNothingIsLoaded() throws Exception {
    String html = HtmlAudit.render(data("<script>alert(1)</script> & \" \u0000"));

    assertThat(html).doesNotContain("<script").contains("&lt;script").doesNotContain("src=");
    assertThat(texts(parse(html), "td")).contains("<script>alert(1)</script> & \" \uFFFD");
  }

  @Test
  void aLongRecordIsShownByItsBeginning() {
    assertThat(HtmlAudit.render(data("\uD83D\uDE00".repeat(300))))
        .contains("\uD83D\uDE00".repeat(160) + "\u2026");
  }

  private static Dataset<Row> rejects(String... reasonAndPosition) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < reasonAndPosition.length; i += 2) {
      rows.add(
          RowFactory.create(
              "faq", "faq.csv", reasonAndPosition[i + 1], reasonAndPosition[i], "text " + i));
    }
    return SmallWorkspace.spark().createDataFrame(rows, Tables.REJECTS.schema()).repartition(3);
  }

  @Test
  void rejectsAreGatheredByKindTheMostFrequentFirst() {
    List<RejectedRecords> kinds =
        DataReader.rejects(
            rejects(
                "grade x is no integer", "record 4",
                "text has 7 characters", "record 12",
                "text has 30 characters", "record 9"));

    assertThat(kinds)
        .containsExactly(
            new RejectedRecords(
                "faq", 2, "text has 30 characters", "faq.csv", "record 9", "text 4"),
            new RejectedRecords(
                "faq", 1, "grade x is no integer", "faq.csv", "record 4", "text 0"));
  }

  @Test
  void aPageShowsABoundedNumberOfKinds() {
    String[] many = new String[2 * 3 * DataReader.KINDS];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = "label " + "x".repeat(i + 1) + " is unknown";
      many[i + 1] = "record " + i;
    }

    assertThat(DataReader.rejects(rejects(many))).hasSize(DataReader.KINDS);
  }
}
