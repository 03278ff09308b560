package dev.hone.doctor;

import java.util.Locale;

/** How bad a finding is. */
public enum Level {
  /** Nothing to do. */
  OK,
  /** Commands work, but slower or less safely than they could. */
  WARNING,
  /** Some command cannot work. */
  FAULT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
