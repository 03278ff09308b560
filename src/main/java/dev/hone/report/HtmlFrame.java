package dev.hone.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What all of Hone's pages have in common: head, style, and sections with a heading each. */
final class HtmlFrame {
  private static final String STYLE = style();
  private static final String MAIN = "content";

  /** Whatever came to stand in a page would neither run nor ask for anything. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

  private final Markup page;

  HtmlFrame(Markup page) {
    this.page = page;
  }

  /** The whole page, around what writes its three parts. */
  String write(String title, Runnable header, Runnable main, Runnable footer) {
    page.element(
        "html",
        () -> {
          page.element("head", () -> head(title));
          page.element(
              "body",
              () -> {
                page.text("a", "Skip to the content", "class", "skip", "href", "#" + MAIN);
                page.element("header", header);
                page.element("main", main, "id", MAIN, "tabindex", "-1");
                page.element("footer", footer);
              });
        },
        "lang",
        "en");
    return "<!DOCTYPE html>\n" + page.finish() + "\n";
  }

  private void head(String title) {
    page.empty("meta", "charset", "utf-8");
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    page.text("title", title);
    page.text("style", STYLE);
  }

  void section(String id, String title, Runnable content) {
    page.element(
        "section",
        () -> {
          page.text("h2", title, "id", id);
          content.run();
        },
        "aria-labelledby",
        id);
  }

  private static String style() {
    try (InputStream css = HtmlFrame.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new IllegalStateException("The resource dev/hone/report/report.css is missing");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the resource dev/hone/report/report.css", e);
    }
  }
}
