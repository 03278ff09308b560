package dev.hone.normalize.source;

import java.util.Map;
import java.util.Optional;

/**
 * One record of a TREC file.
 *
 * @param columns its values by column; a blank value is none
 * @param fields its texts by lower-case tag
 * @param broken the record's beginning, where it has no meaning as a whole; null elsewhere
 */
record TrecRecord(Map<String, String> columns, Map<String, String> fields, String broken) {
  /** A record that is whole. */
  static TrecRecord whole(Map<String, String> columns, Map<String, String> fields) {
    return new TrecRecord(columns, fields, null);
  }

  /** A record that is cut off or has no meaning. */
  static TrecRecord broken(String beginning) {
    return new TrecRecord(Map.of(), Map.of(), beginning);
  }

  /** A column's value, or null. */
  String column(String name) {
    return Optional.ofNullable(columns.get(name))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .orElse(null);
  }
}
