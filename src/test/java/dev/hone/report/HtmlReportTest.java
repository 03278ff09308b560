package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {

  @Test
  void everyTextFromDataIsEscapedWhereverItStands() throws Exception {
    String hostile =
        "<script>alert(\"1\")</script> & 'x' \u0000\uD83D\uDE00 \u05E9\u05DC\u05D5\u05DD";
    String html = HtmlReport.render(Samples.everywhere(hostile));

    assertThat(html).doesNotContain("<script>alert").doesNotContain("\u0000");
    assertThat(html).contains("&lt;script");
    Document page = parse(html);
    assertThat(elements(page, "script")).hasSize(2);
    assertThat(elements(page, "bdi").get(0).getTextContent())
        .isEqualTo(
            "<script>alert(\"1\")</script> & 'x' \uFFFD\uD83D\uDE00 \u05E9\u05DC\u05D5\u05DD");
  }

  @Test
  void aQuoteCannotLeaveAnAttribute() throws Exception {
    Document page = parse(HtmlReport.render(Samples.everywhere("\" onload=\"alert(1)")));

    for (Element element : elements(page, "*")) {
      assertThat(element.hasAttribute("onload")).isFalse();
    }
  }

  @Test
  void nothingIsLoadedFromAnywhere() throws Exception {
    String html = HtmlReport.render(Samples.trained());

    Document page = parse(html);
    for (Element element : elements(page, "*")) {
      assertThat(element.hasAttribute("src")).as(element.getTagName()).isFalse();
      assertThat(element.getAttribute("href")).as(element.getTagName()).matches("(#.+)?");
      assertThat(element.getTagName()).isNotIn("link", "img", "iframe", "object");
    }
    assertThat(html.substring(0, html.indexOf("<script")))
        .doesNotContain("http:")
        .doesNotContain("https:")
        .doesNotContain("url(")
        .doesNotContain("@import");
  }

  @Test
  void theSameValuesGiveTheSameBytes() {
    assertThat(HtmlReport.render(Samples.trained()))
        .isEqualTo(HtmlReport.render(Samples.trained()));
  }

  @Test
  void truncatedTextsStandByModelAndDataSet() throws Exception {
    Document page = parse(HtmlReport.render(Samples.trained()));

    assertThat(elements(page, "section").stream().map(Element::getTextContent))
        .anySatisfy(
            text ->
                assertThat(text)
                    .contains("Truncated texts by model and data set")
                    .contains("tuned", "legal", "2,000", "150", "7.5"));
  }

  @Test
  void probesStandBesideEachOtherBeforeAndAfter() throws Exception {
    Document page = parse(HtmlReport.render(Samples.trained()));

    Element table =
        elements(page, "table").stream()
            .filter(one -> one.getTextContent().contains("Cosine, base"))
            .findFirst()
            .orElseThrow();
    assertThat(elements(table, "tr").stream().map(row -> texts(row)))
        .containsExactly(
            List.of(
                "Text", "Other text", "Cosine, base", "Cosine, tuned", "Rank, base", "Rank, tuned"),
            List.of("estoppel", "bar to a claim", "0.413", "0.813", "1,312", "3"),
            List.of("tolling", "pause of a deadline", "\u2013", "\u22120.050", "\u2013", "40"));
    assertThat(HtmlReport.render(Samples.untrained())).doesNotContain("Probes");
  }

  private static List<String> texts(Element row) {
    List<String> texts = new ArrayList<>();
    for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNextSibling()) {
      texts.add(cell.getTextContent());
    }
    return texts;
  }

  @Test
  void theHeadlineSaysHowThePrimaryMeasureMoved() throws Exception {
    Document page = parse(HtmlReport.render(Samples.trained()));

    // Means over the four domains: 0.473525 and 0.518025, a gain of 9.3976 %.
    assertThat(elements(page, "header").get(0).getTextContent())
        .contains(
            "NDCG@10 rose from 0.474 to 0.518 (+9.4\u00a0%) averaged over 4 data sets, test split.");
  }

  @Test
  void dataSetsThatAreNotTrainedOnAreNotCountedInTheMean() throws Exception {
    ReportData trained = Samples.trained();
    List<ReportData.MetricValue> metrics = new ArrayList<>(trained.metrics());
    metrics.add(new ReportData.MetricValue("base", "other", Measure.NDCG_10, 0.5, 0.4, 0.6, 10));
    metrics.add(
        new ReportData.MetricValue("base", "sts", new Measure("spearman", 0), 0.7, 0.6, 0.8, 10));

    Document page =
        parse(
            HtmlReport.render(
                new ReportData(
                    trained.run(),
                    trained.datasets(),
                    trained.training(),
                    metrics,
                    trained.dimensions(),
                    trained.lossCurve(),
                    trained.advice(),
                    trained.mining(),
                    trained.changes(),
                    trained.audit(),
                    trained.truncation(),
                    List.of(),
                    trained.cost())));

    assertThat(elements(page, "header").get(0).getTextContent()).contains("over 4 data sets");
    assertThat(elements(page, "table").get(0).getTextContent())
        .contains("other")
        .doesNotContain("Spearman");
    assertThat(elements(page, "table").get(1).getTextContent())
        .contains("sts", "Spearman")
        .doesNotContain("other");
  }

  @Test
  void valuesStandWithTheirIntervalsAndChanges() {
    String html = HtmlReport.render(Samples.trained());

    assertThat(html)
        .contains(
            "0.4789<small>[0.455, 0.503]</small>"
                + "<small><span class=\"good\">+0.0662 (+16.0\u00a0%)</span></small>");
    assertThat(html).contains("<span class=\"bad\">\u22120.0031 (\u22120.6\u00a0%)</span>");
  }

  @Test
  void thePlotOfThePrimaryMeasureHasAMarkAndItsIntervalPerModelAndDataSet() throws Exception {
    Element plot = plots(parse(HtmlReport.render(Samples.trained())), "intervals").get(0);

    assertThat(plot.getAttribute("aria-label")).startsWith("NDCG@10 per data set and model");
    assertThat(plot.getAttribute("data-values"))
        .startsWith("{\"groups\":[{\"name\":\"biomedical\",\"marks\":[{\"model\":\"base\",")
        .contains("{\"model\":\"tuned\",\"value\":0.4789,\"low\":0.4549,\"high\":0.5029}");
    assertThat(plot.getAttribute("data-values").split("tuned", -1)).hasSize(1 + 5);
  }

  @Test
  void aPageRunsTheScriptsThatDrawItsPlotsAndNoOther() throws Exception {
    Document page = parse(HtmlReport.render(Samples.trained()));

    assertThat(elements(page, "script")).hasSize(2);
    assertThat(policy(page))
        .startsWith("default-src 'none'; style-src ")
        .endsWith("script-src " + String.join(" ", digests(HtmlReport.render(Samples.trained()))));
  }

  @Test
  void aPageWithoutPlotsHasNoScriptAndAllowsNone() throws Exception {
    String html = HtmlAudit.render(new AuditData(List.of(), List.of(), List.of()));

    assertThat(html).doesNotContain("<script");
    assertThat(policy(parse(html))).startsWith("default-src 'none'").doesNotContain("script-src");
  }

  private static String policy(Document page) {
    return elements(page, "meta").stream()
        .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
        .findFirst()
        .orElseThrow()
        .getAttribute("content");
  }

  /** What a browser takes a digest of: all between two tags. */
  private static List<String> digests(String html) throws Exception {
    List<String> digests = new ArrayList<>();
    Matcher scripts = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(html);
    while (scripts.find()) {
      byte[] text = scripts.group(1).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      digests.add("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
    }
    return digests;
  }

  @Test
  void headingsNeverSkipALevelAndThePageSaysItsLanguageAndTitle() throws Exception {
    Document page = parse(HtmlReport.render(Samples.trained()));

    List<Integer> levels =
        elements(page, "*").stream()
            .map(Element::getTagName)
            .filter(name -> name.matches("h[1-6]"))
            .map(name -> name.charAt(1) - '0')
            .toList();
    assertThat(levels).startsWith(1, 2).hasSizeGreaterThan(12);
    assertThat(levels.stream().filter(level -> level == 1)).hasSize(1);
    for (int i = 1; i < levels.size(); i++) {
      assertThat(levels.get(i) - levels.get(i - 1)).isLessThanOrEqualTo(1);
    }
    assertThat(page.getDocumentElement().getAttribute("lang")).isEqualTo("en");
    assertThat(elements(page, "title").get(0).getTextContent())
        .isEqualTo("Hone report: 5f1c2a90e7");
  }

  @Test
  void theFirstLinkSkipsToTheContent() throws Exception {
    Document page = parse(HtmlReport.render(Samples.trained()));

    Element link = elements(elements(page, "body").get(0), "*").get(0);
    assertThat(link.getTagName()).isEqualTo("a");
    assertThat(link.getAttribute("href"))
        .isEqualTo("#" + elements(page, "main").get(0).getAttribute("id"));
  }

  @Test
  void whatScrollsIsReachedByKeyboardAndHasAName() throws Exception {
    for (Element element : elements(parse(HtmlReport.render(Samples.trained())), "*")) {
      if (element.getAttribute("class").equals("scroll") || element.getTagName().equals("pre")) {
        assertThat(element.getAttribute("tabindex")).isEqualTo("0");
        assertThat(element.getAttribute("role")).isEqualTo("region");
        assertThat(element.getAttribute("aria-label")).isNotBlank();
      }
    }
  }

  @Test
  void everyMetricStandsAtEachOfItsCutOffsWithItsInterval() throws Exception {
    Document page = parse(HtmlReport.render(Samples.trained()));

    Element folded = details(page, "Precision at each k");
    assertThat(elements(folded, "table")).hasSize(1);
    assertThat(folded.getTextContent()).contains("Precision@10", "0.0812", "[0.076, 0.087]");
  }

  @Test
  void shorterVectorsStandBesideTheWholeOnesOfBothModels() throws Exception {
    Element section = section(parse(HtmlReport.render(Samples.trained())), "dimensions");

    Element plot = plots(section, "dimensions").get(0);
    assertThat(plot.getAttribute("aria-label"))
        .isEqualTo(
            "NDCG@10 by dimension on All data sets (macro-average). base: 0.480 at 384, 0.420 at"
                + " 128, 0.336 at 64; tuned: 0.520 at 384, 0.507 at 128, 0.468 at 64. The table"
                + " below holds the numbers.");
    assertThat(plot.getAttribute("data-values"))
        .contains(
            "{\"model\":\"tuned\",\"points\":[{\"dim\":384,\"value\":0.52,\"low\":0.51,\"high\":0.53},"
                + "{\"dim\":128,\"value\":0.507,\"low\":0.497,\"high\":0.517},"
                + "{\"dim\":64,\"value\":0.468,\"low\":0.458,\"high\":0.478}]}");
    // 0.507 of 0.52 is 97.5 %, of 0.48 105.6 %; 384 values are three times 128, int8 is a quarter.
    assertThat(rows(section))
        .contains(
            List.of(
                "tuned",
                "128",
                "fp32",
                "0.5070[0.497, 0.517]",
                "97.5\u00a0%",
                "105.6\u00a0%",
                "3\u00d7"),
            List.of(
                "tuned",
                "384",
                "int8",
                "0.5148[0.505, 0.525]",
                "99.0\u00a0%",
                "107.3\u00a0%",
                "4\u00d7"),
            List.of(
                "base",
                "64",
                "fp32",
                "0.3360[0.326, 0.346]",
                "70.0\u00a0%",
                "70.0\u00a0%",
                "6\u00d7"));
  }

  @Test
  void oneDimensionAndPrecisionIsNoCurve() {
    DimensionGrid one =
        new DimensionGrid(
            Samples.dimensions().stream()
                .filter(value -> value.dim() == 384 && value.precision().equals("fp32"))
                .toList());

    assertThat(one.isEmpty()).isTrue();
    assertThat(new DimensionGrid(List.of()).isEmpty()).isTrue();
    assertThat(HtmlReport.render(Samples.untrained())).doesNotContain("id=\"dimensions\"");
  }

  @Test
  void whatWarnsStandsInTheOpenAndTheRestOfTheAuditIsFolded() throws Exception {
    Element section = section(parse(HtmlReport.render(Samples.trained())), "audit");

    assertThat(elements(section, "table")).hasSize(2);
    assertThat(elements(section, "table").get(0).getTextContent())
        .contains("label-conflict")
        .doesNotContain("leakage");
    assertThat(elements(elements(section, "details").get(0), "table").get(0).getTextContent())
        .contains("leakage");
  }

  @Test
  void curvesStandAsNumbersToo() throws Exception {
    Element folded = details(parse(HtmlReport.render(Samples.trained())), "The curves as numbers");

    List<Element> rows = elements(folded, "tr");
    assertThat(rows).hasSize(1 + HtmlTraining.ROWS);
    assertThat(elements(rows.get(1), "th").get(0).getTextContent()).isEqualTo("0");
    assertThat(elements(rows.get(20), "th").get(0).getTextContent()).isEqualTo("122");
    assertThat(HtmlTraining.spread(1)).containsExactly(0);
    assertThat(HtmlTraining.spread(3)).containsExactly(0, 1, 2);
  }

  @Test
  void timeStandsByStepAndByEpoch() throws Exception {
    Element section = section(parse(HtmlReport.render(Samples.trained())), "cost");

    assertThat(section.getTextContent()).contains("2 min 28 s each", "2 CPU cores");
    assertThat(section.getTextContent()).doesNotContain("Estimated cost");
    assertThat(rows(section))
        .containsExactly(
            List.of("normalize", "", "20 s", "10.0\u00a0%"),
            List.of("vectors", "base", "32 s", "15.8\u00a0%"),
            List.of("train", "", "2 min 29 s", "74.3\u00a0%"),
            List.of("Together", "", "3 min 20 s", "100.0\u00a0%"));
  }

  @Test
  void aPriceGivesAnEstimate() {
    Markup page = new Markup();
    page.element(
        "div",
        () ->
            new HtmlCost(page)
                .write(Samples.trained().training(), new ReportData.Cost("A100", 2.5, 4)));

    assertThat(page.finish())
        .contains("Estimated cost")
        .contains("10.00 for 2.50 device hours of training at 4.00 each");
  }

  @Test
  void everyTableHasACaptionAndEveryHeaderCellAScope() throws Exception {
    Document page = parse(HtmlReport.render(Samples.trained()));

    assertThat(elements(page, "table")).hasSizeGreaterThan(5);
    for (Element table : elements(page, "table")) {
      assertThat(elements(table, "caption")).hasSize(1);
      assertThat(elements(table, "caption").get(0).getTextContent()).isNotBlank();
    }
    for (Element header : elements(page, "th")) {
      assertThat(header.getAttribute("scope")).isIn("col", "row", "rowgroup");
    }
  }

  @Test
  void adviceStandsUnderTheLossCurveWithItsEvidence() throws Exception {
    Document page = parse(HtmlReport.render(Samples.trained()));

    List<String> titles = elements(page, "h3").stream().map(Element::getTextContent).toList();
    assertThat(titles).containsSubsequence("Loss", "Advice", "Learning rate");
    Element row =
        elements(page, "tr").stream()
            .filter(one -> one.getTextContent().contains("dropped-tail"))
            .findFirst()
            .orElseThrow();
    assertThat(elements(row, "th").get(0).getTextContent()).isEqualTo("legal");
    assertThat(elements(row, "td"))
        .extracting(Element::getTextContent)
        .containsExactly(
            "dropped-tail",
            "0\u201392",
            "60 of 400 rows (15 %) fill no update",
            "Set train.batch-size lower.");
    assertThat(HtmlReport.render(Samples.untrained())).doesNotContain("Advice");
  }

  @Test
  void withoutTrainingThereAreBaselinesAndNoCurve() throws Exception {
    Document page = parse(HtmlReport.render(Samples.untrained()));

    String text = withoutScripts(page);
    assertThat(text).contains("Nothing was trained: the baselines alone.").contains("bm25");
    assertThat(plots(page, "curve")).isEmpty();
    assertThat(text).doesNotContain("NaN").doesNotContain("null");
  }

  @Test
  void aDataSetWithoutTheTunedModelShowsTheOthersAndNoChange() throws Exception {
    ReportData all = Samples.trained();
    ReportData data =
        new ReportData(
            all.run(),
            all.datasets(),
            all.training(),
            all.metrics().stream()
                .filter(v -> !(v.dataset().equals("legal") && v.model().equals("tuned")))
                .toList(),
            all.dimensions(),
            all.lossCurve(),
            all.advice(),
            all.mining(),
            all.changes(),
            all.audit(),
            all.truncation(),
            List.of(),
            all.cost());

    Document page = parse(HtmlReport.render(data));

    assertThat(withoutScripts(page))
        .contains("0.5018")
        .doesNotContain("0.4987")
        .doesNotContain("NaN");
  }

  @Test
  void everyPlotHasATextAndSaysWhereItsNumbersStandWithoutScript() throws Exception {
    Document page = parse(HtmlReport.render(Samples.trained()));

    List<Element> places =
        elements(page, "div").stream().filter(div -> div.hasAttribute("data-plot")).toList();
    assertThat(places)
        .extracting(place -> place.getAttribute("data-plot"))
        .containsExactly(
            "intervals", "dimensions", "dimensions", "curve", "curve", "curve", "histograms");
    for (Element place : places) {
      assertThat(place.getAttribute("role")).isEqualTo("img");
      assertThat(place.getAttribute("aria-label")).isNotBlank();
      assertThat(elements(place, "noscript").get(0).getTextContent()).contains("tables");
    }
  }

  @Test
  void theStyleHasNothingThatMarkupWouldEscape() throws Exception {
    String html = HtmlReport.render(Samples.trained());
    String style = html.substring(html.indexOf("<style>"), html.indexOf("</style>"));

    assertThat(style).doesNotContain("&").contains("prefers-color-scheme: dark");
  }

  private static Element section(Document page, String id) {
    return elements(page, "section").stream()
        .filter(section -> section.getAttribute("aria-labelledby").equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Element details(Document page, String summary) {
    return elements(page, "details").stream()
        .filter(one -> elements(one, "summary").get(0).getTextContent().equals(summary))
        .findFirst()
        .orElseThrow();
  }

  /** The cells of every row of a body of a table. */
  private static List<List<String>> rows(Element root) {
    return elements(root, "tbody").stream()
        .flatMap(body -> elements(body, "tr").stream())
        .map(row -> elements(row, "*").stream().filter(cell -> cell.getTagName().matches("t[hd]")))
        .map(cells -> cells.map(Element::getTextContent).toList())
        .toList();
  }

  private static String withoutScripts(Document page) {
    elements(page, "script").forEach(script -> script.getParentNode().removeChild(script));
    return page.getDocumentElement().getTextContent();
  }

  private static List<Element> plots(Document page, String kind) {
    return plots(page.getDocumentElement(), kind);
  }

  private static List<Element> plots(Element root, String kind) {
    return elements(root, "div").stream()
        .filter(div -> div.getAttribute("data-plot").equals(kind))
        .toList();
  }

  private static Document parse(String html) throws Exception {
    String prefix = "<!DOCTYPE html>\n";
    assertThat(html).startsWith(prefix);
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html.substring(prefix.length()))));
  }

  private static List<Element> elements(Document page, String name) {
    return elements(page.getDocumentElement(), name);
  }

  private static List<Element> elements(Element root, String name) {
    NodeList found = root.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }
}
