package dev.hone.doctor;

import java.util.List;

/**
 * What one check found in one or more processes.
 *
 * @param check the check's name
 * @param places where it was found, the driver alone or executors; empty where it is no process's
 * @param level how bad it is
 * @param found what was found, a sentence or a few words
 * @param mend what to do; empty where there is nothing to do or {@code found} says it
 */
record Finding(String check, List<Place> places, Level level, String found, String mend) {
  private static final int WIDEST = 110;

  Finding {
    places = List.copyOf(places);
  }

  static Finding ok(String check, List<Place> places, String found) {
    return new Finding(check, places, Level.OK, found, "");
  }

  static Finding warning(String check, List<Place> places, String found, String mend) {
    return new Finding(check, places, Level.WARNING, found, mend);
  }

  static Finding fault(String check, List<Place> places, String found, String mend) {
    return new Finding(check, places, Level.FAULT, found, mend);
  }

  /** A finding of {@code outcome}: a fault where it is a failure. */
  static Finding of(String check, Place place, Outcome outcome, String mend) {
    return outcome.works()
        ? ok(check, List.of(place), outcome.text())
        : fault(check, List.of(place), outcome.text(), mend);
  }

  String where() {
    return Place.label(places);
  }

  /** One line for the table. */
  String brief() {
    String line = found.lines().findFirst().orElse("");
    boolean whole = line.length() <= WIDEST && line.equals(found);
    return whole ? line : line.substring(0, Math.min(line.length(), WIDEST - 3)) + "...";
  }

  /** All of it, for below the table. */
  String details() {
    return "%s: %s%s\n%s%s"
        .formatted(
            level,
            check,
            places.isEmpty() ? "" : ", " + where(),
            found.indent(2),
            mend.isEmpty() ? "" : ("to mend: " + mend).indent(2));
  }
}
