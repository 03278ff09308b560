package dev.hone.config;

/**
 * Names how BM25 cuts a text into terms: by a language's words, without its stop words, as stems.
 */
public enum TextAnalysis {
  ARABIC,
  ARMENIAN,
  BASQUE,
  BENGALI,
  BRAZILIAN,
  BULGARIAN,
  CATALAN,
  /** Chinese, Japanese and Korean: pairs of characters. */
  CJK,
  CZECH,
  DANISH,
  DUTCH,
  ENGLISH,
  ESTONIAN,
  FINNISH,
  FRENCH,
  GALICIAN,
  GERMAN,
  GREEK,
  HINDI,
  HUNGARIAN,
  INDONESIAN,
  IRISH,
  ITALIAN,
  LATVIAN,
  LITHUANIAN,
  NEPALI,
  NORWEGIAN,
  PERSIAN,
  PORTUGUESE,
  ROMANIAN,
  RUSSIAN,
  SERBIAN,
  SORANI,
  SPANISH,
  /** Unicode words in lower case, for any language: no stop words, no stems. */
  STANDARD,
  SWEDISH,
  TAMIL,
  TELUGU,
  THAI,
  TURKISH
}
