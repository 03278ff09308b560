package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.hone.report.IntervalPlot.Group;
import dev.hone.report.IntervalPlot.Mark;
import dev.hone.report.ReportData.LossPoint;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** What plots hand to the script that draws them. */
class PlotTest {
  private static final List<LossPoint> LOG =
      List.of(
          new LossPoint(0, 2, 1e-7, 1),
          new LossPoint(5, Double.NaN, 2.0000001e-5, Double.POSITIVE_INFINITY),
          new LossPoint(10, 1, 1.0 / 3, 3));

  @Test
  void whatIsNotFiniteIsNullAtItsStep() {
    assertThat(CurvePlot.plain(LOG, LossPoint::loss).json())
        .isEqualTo("{\"steps\":[0,5,10],\"values\":[2,null,1],\"means\":[]}");
    assertThat(CurvePlot.smoothed(LOG, LossPoint::gradientNorm).json())
        .isEqualTo("{\"steps\":[0,5,10],\"values\":[1,null,3],\"means\":[1,null,3]}");
    assertThat(new IntervalPlot(List.of(new Group("a", List.of(mark("base"))))).json())
        .contains("{\"model\":\"base\",\"value\":0.5,\"low\":null,\"high\":null}");
  }

  @Test
  void aNumberHasSixDigitsWhateverItsSize() {
    String json = CurvePlot.plain(LOG, LossPoint::learningRate).json();

    assertThat(JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("values"))
        .extracting(value -> value.getAsDouble())
        .containsExactly(1e-7, 2e-5, .333333);
  }

  @Test
  void aCurveSaysItsDefinedEndsAndOneWithoutAnyIsEmpty() {
    assertThat(CurvePlot.plain(LOG, LossPoint::loss).description("Loss"))
        .isEqualTo(
            "Loss over 2 points of the training log: from 2.000 at step 0 to 1.000 at step 10.");
    assertThat(CurvePlot.plain(LOG, LossPoint::loss).isEmpty()).isFalse();
    assertThat(CurvePlot.plain(LOG, point -> Double.NaN).isEmpty()).isTrue();
    assertThat(CurvePlot.plain(List.of(), LossPoint::loss).isEmpty()).isTrue();
  }

  @Test
  void theMovingMeanIsAMeanAtBothEndsToo() {
    // Reach 1 for fewer than 40 values: each point is the mean of itself and its neighbours.
    assertThat(CurvePlot.movingMean(new double[] {1, 2, 6, 4, 10}))
        .containsExactly(1.5, 3, 4, 20 / 3.0, 7);
    assertThat(CurvePlot.movingMean(new double[] {5})).containsExactly(5);
  }

  @Test
  void whatIsNotFiniteCountsForNoMeanAndHasNone() {
    assertThat(CurvePlot.movingMean(new double[] {1, Double.NaN, 6, 4, Double.POSITIVE_INFINITY}))
        .containsExactly(1, Double.NaN, 5, 5, Double.NaN);
  }

  @Test
  void noTextFromDataLeavesThePlaceOfItsPlot() {
    for (String hostile :
        List.of(
            "</script><script>x()</script>",
            "<!-- <script>",
            "]]>",
            "\"}' onload='x()' data-plot=\"",
            "&quot;&#34;\\\"\u2028\u0000\n\t")) {
      Markup page = new Markup();
      Plot plot = new IntervalPlot(List.of(new Group(hostile, List.of(mark(hostile)))));
      page.element("main", () -> plot.write(page, hostile));

      // An HTML parser that nobody here wrote.
      Document parsed = Jsoup.parse(page.finish());
      assertThat(parsed.body().select("*"))
          .extracting(Element::tagName)
          .containsExactly("body", "main", "div", "noscript");
      Element place = parsed.selectFirst("div");
      assertThat(place.attributes().asList())
          .extracting(attribute -> attribute.getKey())
          .containsExactly("class", "role", "aria-label", "data-plot", "data-values");
      JsonObject group =
          JsonParser.parseString(place.attr("data-values"))
              .getAsJsonObject()
              .getAsJsonArray("groups")
              .get(0)
              .getAsJsonObject();
      assertThat(group.get("name").getAsString()).isEqualTo(hostile);
    }
  }

  private static Mark mark(String model) {
    return new Mark(model, .5, Double.NaN, Double.NaN);
  }
}
