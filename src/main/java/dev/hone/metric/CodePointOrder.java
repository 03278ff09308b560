package dev.hone.metric;

import java.util.Comparator;

/**
 * Orders strings by their UTF-8 bytes, unsigned, which is the order of their code points. {@link
 * String#compareTo} differs from it: it puts U+10000 and above before U+E000 to U+FFFF.
 */
enum CodePointOrder implements Comparator<String> {
  ASCENDING;

  @Override
  public int compare(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        return Integer.compare(weight(a), weight(b));
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /** Lifts surrogates above every other char and keeps the order elsewhere. */
  private static int weight(char unit) {
    return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
  }
}
