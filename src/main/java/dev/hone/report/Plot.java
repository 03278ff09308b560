package dev.hone.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * What one plot shows, as plain values: the page's script draws it. A value that is not finite is
 * null there, and a gap in the plot.
 */
sealed interface Plot permits CurvePlot, DimensionPlot, HistogramPlot, IntervalPlot {
  /** The attribute that holds which kind of plot to draw. */
  String KIND = "data-plot";

  /** The attribute that holds the values to draw, as JSON. */
  String VALUES = "data-values";

  /** More digits than a screen has pixels. */
  MathContext PRECISION = new MathContext(6);

  /** What the script knows this kind of plot by. */
  String kind();

  /** Writes the place for the plot; an attribute is what a text from data cannot leave. */
  default void write(Markup page, String description) {
    page.element(
        "div",
        () ->
            page.text("noscript", "Without script, this plot's numbers stand in the tables alone."),
        "class",
        "plot",
        "role",
        "img",
        "aria-label",
        description,
        KIND,
        kind(),
        VALUES,
        json());
  }

  /** The values as JSON; the same values give the same text. */
  default String json() {
    Gson gson =
        new GsonBuilder()
            .serializeNulls()
            .disableHtmlEscaping()
            .registerTypeAdapter(double.class, new Finite())
            .registerTypeAdapter(Double.class, new Finite())
            .create();
    return gson.toJson(this);
  }

  /** JSON has no number that is not finite. */
  final class Finite extends TypeAdapter<Double> {
    @Override
    public void write(JsonWriter json, Double value) throws IOException {
      if (Double.isFinite(value)) {
        json.value(BigDecimal.valueOf(value).round(PRECISION).stripTrailingZeros());
      } else {
        json.nullValue();
      }
    }

    @Override
    public Double read(JsonReader json) throws IOException {
      return json.nextDouble();
    }
  }
}
