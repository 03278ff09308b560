package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.report.MiningData.FilterCount;
import dev.hone.report.MiningData.StrategyCount;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The section about hard negatives. */
class HtmlMiningTest {

  @Test
  void everyTextFromDataIsEscapedWhereverItStands() throws Exception {
    String html = render(MinedSamples.everywhere("<script>alert(1)</script>\" onload=\"x() & '"));

    assertThat(html).doesNotContain("<script").contains("&lt;script");
    Document section = parse(html);
    for (Element element : elements(section, "*")) {
      assertThat(element.hasAttribute("onload")).isFalse();
    }
    assertThat(elements(section, "blockquote").get(1).getTextContent())
        .isEqualTo("<script>alert(1)</script>\" onload=\"x() & '");
  }

  @Test
  void filtersAreSummedOverDataSetsAndShownByDataSetToo() throws Exception {
    Document section = parse(render(MinedSamples.mined()));

    assertThat(rows(table(section, "What each filter did")))
        .containsSubsequence(
            List.of("bm25", "known-positive", "60,115", "2,904", "4.8\u00a0%", "57,211"),
            List.of("bm25", "relative-margin", "57,211", "17,209", "30.1\u00a0%", "40,002"),
            List.of("bm25", "quota", "40,002", "36,402", "91.0\u00a0%", "3,600"),
            List.of("dense", "known-positive", "37,188", "0", "0.0\u00a0%", "37,188"));
    assertThat(rows(table(section, "What reached the first filter")))
        .containsExactly(
            List.of(
                "Data set",
                "Strategy",
                "Reached",
                "known-positive",
                "relative-margin",
                "quota",
                "Kept"),
            List.of("healthcare", "bm25", "40,115", "1,904", "7,209", "28,302", "2,700"),
            List.of("healthcare", "dense", "37,188", "0", "14,870", "20,968", "1,350"),
            List.of("legal", "bm25", "20,000", "1,000", "10,000", "8,100", "900"));
  }

  @Test
  void anExampleStandsBesideItsPositive() throws Exception {
    Document section = parse(render(MinedSamples.mined()));

    Element example = elements(section, "details").get(2);
    assertThat(example.getAttribute("open")).isEqualTo("open");
    assertThat(elements(example, "summary").get(0).getTextContent())
        .isEqualTo("cataract \u00b7 healthcare \u00b7 bm25, given");
    assertThat(elements(example, "strong").stream().map(Element::getTextContent))
        .containsExactly("Positive", "bm25", "given");
    assertThat(
            elements(example, "p").stream()
                .filter(p -> p.getAttribute("class").equals("note"))
                .map(Element::getTextContent))
        .containsExactly(
            "filter score 0.612",
            "rank 3, score 12.35, filter score 0.523 (positive 0.612), difficulty 0.71; 1 more",
            "rank 1");
  }

  @Test
  void aPlotHasItsNumbersInWordsAndInATable() throws Exception {
    Document section = parse(render(MinedSamples.mined()));

    Element plot = elements(section, "div").get(1);
    assertThat(plot.getAttribute("aria-label"))
        .isEqualTo(
            "Scores of the filter scorer on healthcare. lowest positives: 1,000 pairs, median"
                + " 0.300; negatives of bm25: 900 pairs, median 0.300; not kept: 180 pairs, median"
                + " 0.300. The table below holds the quantiles.");
    assertThat(plot.getAttribute("data-values"))
        .isEqualTo(
            "{\"low\":0,\"high\":0.8,\"rows\":["
                + "{\"name\":\"lowest positives\",\"colour\":\"positive\",\"pairs\":1000,"
                + "\"median\":0.3,\"counts\":[0,100,600,300]},"
                + "{\"name\":\"negatives of bm25\",\"colour\":\"kept\",\"pairs\":900,"
                + "\"median\":0.3,\"counts\":[500,400,0,0]},"
                + "{\"name\":\"not kept\",\"colour\":\"rest\",\"pairs\":180,"
                + "\"median\":0.3,\"counts\":[90,60,30,0]}]}");
    assertThat(rows(table(section, "Quantiles")))
        .contains(
            List.of(
                "healthcare",
                "negatives of bm25",
                "900",
                "0.100",
                "0.200",
                "0.300",
                "0.400",
                "0.500"));
    assertThat(section.getDocumentElement().getTextContent()).contains("drawn, 1 other is not.");
  }

  @Test
  void roundsHaveAColumnWhereThereAreSeveral() throws Exception {
    MiningData one = MinedSamples.mined();
    assertThat(render(one)).doesNotContain("Round").doesNotContain("of round");

    List<StrategyCount> counts = new ArrayList<>(one.strategies());
    counts.add(new StrategyCount("legal", 1, "dense", 500, 20, 15));
    List<FilterCount> filters = new ArrayList<>(one.filters());
    filters.add(new FilterCount("legal", 1, "dense", "quota", 20, 480));
    Document section = parse(render(new MiningData(counts, filters, one.scores(), one.examples())));

    assertThat(rows(table(section, "What each strategy found")))
        .contains(
            List.of("legal", "0", "bm25", "20,000", "900", "900"),
            List.of("legal", "1", "dense", "500", "20", "15"));
    assertThat(rows(table(section, "What each filter did")))
        .contains(List.of("dense", "1", "quota", "500", "480", "96.0\u00a0%", "20"));
    assertThat(elements(section, "p").get(0).getTextContent())
        .isEqualTo("Strategies found 97,803 candidates in 2 rounds; 4,970 became negatives.");
    assertThat(elements(section, "h3").stream().map(Element::getTextContent))
        .containsExactly("Scores of round 1", "What the filters dropped", "Examples of round 1");
  }

  @Test
  void aRunWithoutNegativesSaysSo() throws Exception {
    MiningData none =
        new MiningData(
            List.of(new StrategyCount("legal", 0, "bm25", 3, 0, 0)),
            List.of(new FilterCount("legal", 0, "bm25", "held-out", 0, 3)),
            MiningData.Scores.NONE,
            List.of());

    Document section = parse(render(none));

    assertThat(elements(section, "p").get(0).getTextContent())
        .isEqualTo("Strategies found 3 candidates; none became a negative.");
    assertThat(elements(section, "figure")).isEmpty();
    assertThat(section.getDocumentElement().getTextContent()).doesNotContain("NaN");
  }

  private static String render(MiningData data) {
    Markup page = new Markup();
    page.element("section", () -> new HtmlMining(page).write(data));
    return page.finish();
  }

  private static Element table(Document section, String caption) {
    return elements(section, "table").stream()
        .filter(table -> elements(table, "caption").get(0).getTextContent().startsWith(caption))
        .findFirst()
        .orElseThrow();
  }

  private static List<List<String>> rows(Element table) {
    return elements(table, "tr").stream()
        .map(row -> elements(row, "*").stream().map(Element::getTextContent).toList())
        .toList();
  }

  private static Document parse(String markup) throws Exception {
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(markup)));
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
