package dev.hone.doctor;

import java.util.Locale;

/** Sizes in bytes as people read them. */
final class Sizes {
  static final long GIB = 1L << 30;

  private Sizes() {}

  static String gib(long bytes) {
    return String.format(Locale.ROOT, "%,.1f GiB", (double) bytes / GIB);
  }
}
