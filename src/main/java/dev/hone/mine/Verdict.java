package dev.hone.mine;

import java.util.Locale;

/** What became of a candidate: kept, or dropped by the first filter, in this order, that fits. */
enum Verdict {
  /** Its text, or one of its group, answers the query's text in some data set. */
  KNOWN_POSITIVE,
  /** It is the query's own text. */
  OWN_TEXT,
  /** A query outside training has this text or is answered by it. */
  HELD_OUT,
  /** Its rank lies outside the window. */
  WINDOW,
  /** Its score comes too near to the positive's. */
  ABSOLUTE_MARGIN,
  /** Its score comes too near to the positive's, relative to that. */
  RELATIVE_MARGIN,
  /** Its score is lower than the lowest accepted. */
  MIN_SCORE,
  /** Its score is higher than the highest accepted. */
  MAX_SCORE,
  /** Too few miners found it. */
  AGREEMENT,
  /** Its rank among what the filters left lies outside the window. */
  WINDOW_AFTER_FILTER,
  /** An earlier strategy gives the same document. */
  DUPLICATE,
  /** The strategy has given as many as it may. */
  QUOTA,
  /** It is a negative. */
  KEPT;

  /** The name in {@code filter_counts}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
