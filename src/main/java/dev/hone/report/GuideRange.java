package dev.hone.report;

/**
 * The relative gain that a type of data usually brings, in percent, by the guide that Hone's
 * defaults follow.
 */
enum GuideRange {
  PAIRS("pairs", 7, 15),
  TRIPLETS("triplets", 8, 15),
  SCORED("scored", 5, 10),
  NLI("nli", 3, 8),
  RANKING("ranking", 8, 20),
  HARD_NEGATIVES("hard-negatives", 5, 10);

  private final String type;
  private final int low;
  private final int high;

  GuideRange(String type, int low, int high) {
    this.type = type;
    this.low = low;
    this.high = high;
  }

  /** Where a relative change lies beside the guide's range; empty for an unknown type or change. */
  static String place(String type, double relativeChange) {
    for (GuideRange range : values()) {
      if (range.type.equals(type) && Double.isFinite(relativeChange)) {
        double percent = 100 * relativeChange;
        String where = percent < range.low ? "below" : percent > range.high ? "above" : "inside";
        return where + " " + range.low + "\u2013" + range.high + "\u00a0%";
      }
    }
    return "";
  }
}
