package dev.hone.normalize;

import java.util.List;

/**
 * Pieces of texts that careless readers and writers change: accents in two forms, several scripts,
 * quotes, separators, markup, white space of many kinds.
 */
final class HardTexts {
  static final List<String> PIECES =
      List.of(
          "writ",
          "lien",
          "caf\u00e9",
          "cafe\u0301",
          "\u6cd5\u5f8b",
          "\u0645\u062d\u0643\u0645\u0629",
          "\ud83d\ude00",
          "\"quoted\"",
          "it's",
          "a,b",
          "tab\there",
          "line\nbreak",
          "\r\n",
          "\u00a0",
          "\u2028",
          "back\\slash",
          "\ufb01ne",
          "\u212b",
          "#1",
          "|",
          "  ",
          "<b>bold</b>",
          "&amp;",
          "\u0001",
          "{}",
          "null");

  private HardTexts() {}
}
