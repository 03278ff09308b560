package dev.hone.config;

import java.util.Locale;

/**
 * How the rows of a data set are dealt out.
 *
 * @param train share of training rows, 0 to 1
 * @param validation share of validation rows, 0 to 1
 * @param test share of test rows, 0 to 1
 * @param by the column whose value's hash decides, so that equal values stay together
 * @param column a Spark SQL expression that names the split instead; empty for none
 */
public record SplitConfig(double train, double validation, double test, String by, String column) {
  /** Refuses shares that do not sum to 1. */
  public SplitConfig {
    Keys.SPLIT_TRAIN.check(train);
    Keys.SPLIT_VALIDATION.check(validation);
    Keys.SPLIT_TEST.check(test);
    Keys.SPLIT_BY.check(by);
    Keys.SPLIT_COLUMN.check(column);
    double sum = train + validation + test;
    if (Math.abs(sum - 1) > 1e-9) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "split.train, validation and test are %s, %s and %s, which sum to %.4f,"
                  + " but must sum to 1",
              train,
              validation,
              test,
              sum));
    }
  }
}
