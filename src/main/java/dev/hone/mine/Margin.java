package dev.hone.mine;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;

/**
 * How far a candidate's filter score must stay below the query's lowest positive.
 *
 * @param kind what the size is measured in
 * @param size the distance; negative infinity drops nothing
 */
record Margin(Kind kind, double size) {
  /** What a margin is measured in. */
  enum Kind {
    /** The scorer's own units. */
    ABSOLUTE,
    /** A share of the positive's score, from 0. */
    RELATIVE
  }

  static Margin absolute(double size) {
    return new Margin(Kind.ABSOLUTE, size);
  }

  static Margin relative(double size) {
    return new Margin(Kind.RELATIVE, size);
  }

  /** Whether a candidate comes too near to the positive. */
  boolean drops(double score, double positive) {
    return switch (kind) {
      case ABSOLUTE -> score > positive - size;
      case RELATIVE -> score > positive - Math.abs(positive) * size;
    };
  }

  /** The same over columns of scores. */
  Column drops(Column score, Column positive) {
    return score.gt(
        switch (kind) {
          case ABSOLUTE -> positive.minus(lit(size));
          case RELATIVE -> positive.minus(abs(positive).multiply(lit(size)));
        });
  }

  /** The configuration that sets it, the other margin being none. */
  String setting() {
    String key = kind == Kind.ABSOLUTE ? "mine.absolute-margin" : "mine.relative-margin";
    return key + " = " + (Double.isInfinite(size) ? "none" : String.valueOf(size));
  }
}
