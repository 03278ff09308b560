package dev.hone.report;

import java.util.List;

/** Writes one table: a caption, header cells with a scope, and its own scroll. */
final class TableFrame {
  private final Markup page;

  TableFrame(Markup page) {
    this.page = page;
  }

  /** A wide table scrolls by itself, by touch and by keyboard; the page never does sideways. */
  void table(String caption, List<Column> columns, Runnable rows) {
    page.element(
        "div",
        () ->
            page.element(
                "table",
                () -> {
                  page.text("caption", caption);
                  page.element("thead", () -> page.element("tr", () -> header(columns)));
                  page.element("tbody", rows);
                }),
        "class",
        "scroll",
        "role",
        "region",
        "tabindex",
        "0",
        "aria-label",
        caption);
  }

  private void header(List<Column> columns) {
    columns.forEach(
        column -> page.text("th", column.name(), "scope", "col", "class", column.kind()));
  }

  /** A cell of a column of numbers. */
  void cell(String number) {
    page.text("td", number, "class", "num");
  }

  static Column text(String name) {
    return new Column(name, "text");
  }

  static Column number(String name) {
    return new Column(name, "num");
  }

  /** A column's name, and whether it holds text or numbers. */
  record Column(String name, String kind) {}
}
