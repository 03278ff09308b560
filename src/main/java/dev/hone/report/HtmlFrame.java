package dev.hone.report;

/** What all of Hone's pages have in common: head, style, and sections with a heading each. */
final class HtmlFrame {
  private static final String STYLE = PageScripts.resource("report.css");
  private static final String MAIN = "content";

  /** Whatever else came to stand in a page would neither run nor ask for anything. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

  private final Markup page;

  HtmlFrame(Markup page) {
    this.page = page;
  }

  /** The whole page, around what writes its three parts; with scripts where there is a plot. */
  String write(String title, Runnable header, Runnable main, Runnable footer) {
    page.element("body", () -> body(header, main, footer));
    Markup head = new Markup();
    head.element("head", () -> head(head, title));
    return "<!DOCTYPE html>\n<html lang=\"en\">" + head.finish() + page.finish() + "</html>\n";
  }

  private void body(Runnable header, Runnable main, Runnable footer) {
    page.text("a", "Skip to the content", "class", "skip", "href", "#" + MAIN);
    page.element("header", header);
    page.element("main", main, "id", MAIN, "tabindex", "-1");
    page.element("footer", footer);
    if (hasPlots()) {
      PageScripts.write(page);
    }
  }

  private boolean hasPlots() {
    return page.hasAttribute(Plot.KIND);
  }

  private void head(Markup head, String title) {
    String policy = hasPlots() ? POLICY + "; script-src " + PageScripts.sources() : POLICY;
    head.empty("meta", "charset", "utf-8");
    head.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    head.empty("meta", "http-equiv", "Content-Security-Policy", "content", policy);
    head.text("title", title);
    head.text("style", STYLE);
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
}
