package dev.hone.metric;

/** How much a document of a grade adds to the discounted cumulative gain. */
public enum Gain {
  /** The grade itself: trec_eval's default, and Järvelin and Kekäläinen's. */
  LINEAR {
    @Override
    double of(int grade) {
      return grade;
    }
  },
  /** 2^grade - 1, of Burges et al., "Learning to Rank using Gradient Descent" (2005). */
  EXPONENTIAL {
    @Override
    double of(int grade) {
      if (grade > LARGEST_EXPONENT) {
        throw new IllegalArgumentException(
            "illegal grade for exponential gain: "
                + grade
                + ", must be at most "
                + LARGEST_EXPONENT
                + "; use linear gain");
      }
      return Math.scalb(1.0, grade) - 1.0;
    }
  };

  /** Keeps sums of gains finite and differences between them exact. */
  private static final int LARGEST_EXPONENT = 50;

  /** Gain of a grade above 0. */
  abstract double of(int grade);

  /** Gain of any grade: 0 for grades of 0 and below, as in trec_eval. */
  final double ofJudged(int grade) {
    return grade > 0 ? of(grade) : 0.0;
  }
}
