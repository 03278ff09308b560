package dev.hone.loss;

import java.util.function.DoubleUnaryOperator;

/**
 * A number in float64 that carries its derivatives by all inputs: gradients of a formula as exact
 * as its value, without tensors (forward-mode differentiation).
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Dual(double value, double[] slope) {
  static Dual constant(double value, int inputs) {
    return new Dual(value, new double[inputs]);
  }

  static Dual input(double value, int which, int inputs) {
    Dual input = constant(value, inputs);
    input.slope[which] = 1;
    return input;
  }

  /** The same number, as one that does not change. */
  Dual fixed() {
    return constant(value, slope.length);
  }

  private Dual combined(double result, double own, Dual other, double others) {
    double[] combined = new double[slope.length];
    for (int i = 0; i < combined.length; i++) {
      combined[i] = own * slope[i] + others * other.slope[i];
    }
    return new Dual(result, combined);
  }

  private Dual chained(DoubleUnaryOperator function, double derivative) {
    return combined(function.applyAsDouble(value), derivative, this, 0);
  }

  Dual plus(Dual other) {
    return combined(value + other.value, 1, other, 1);
  }

  Dual minus(Dual other) {
    return combined(value - other.value, 1, other, -1);
  }

  Dual times(Dual other) {
    return combined(value * other.value, other.value, other, value);
  }

  Dual times(double factor) {
    return chained(x -> factor * x, factor);
  }

  Dual plus(double summand) {
    return chained(x -> x + summand, 1);
  }

  Dual over(Dual other) {
    return combined(
        value / other.value, 1 / other.value, other, -value / (other.value * other.value));
  }

  Dual exp() {
    return chained(Math::exp, Math.exp(value));
  }

  Dual log() {
    return chained(Math::log, 1 / value);
  }

  /** The root; that of 0 does not change. */
  Dual root() {
    return chained(Math::sqrt, value == 0 ? 0 : 0.5 / Math.sqrt(value));
  }

  /** Itself above 0, else 0. */
  Dual positive() {
    return chained(x -> Math.max(0, x), value > 0 ? 1 : 0);
  }
}
