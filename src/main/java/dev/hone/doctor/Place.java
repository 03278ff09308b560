package dev.hone.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One process: the driver, or an executor by its id.
 *
 * @param id Spark's id of the executor, or {@link #DRIVER}
 * @param host the host's name as Spark knows it
 */
record Place(String id, String host) {
  static final String DRIVER = "driver";

  private static final int MOST_SHOWN = 8;

  boolean isDriver() {
    return id.equals(DRIVER);
  }

  /** Several places as people read them, executors by host; "-" for none. */
  static String label(List<Place> places) {
    if (places.isEmpty()) {
      return "-";
    }
    if (places.get(0).isDriver()) {
      return DRIVER;
    }
    if (places.size() > MOST_SHOWN) {
      long hosts = places.stream().map(Place::host).distinct().count();
      return "%d executors on %d %s".formatted(places.size(), hosts, hosts == 1 ? "host" : "hosts");
    }
    Map<String, List<String>> ids = new TreeMap<>();
    places.forEach(
        place -> ids.computeIfAbsent(place.host, host -> new ArrayList<>()).add(place.id));
    return (places.size() == 1 ? "executor " : "executors ")
        + ids.entrySet().stream()
            .map(host -> String.join(", ", host.getValue()) + " on " + host.getKey())
            .collect(Collectors.joining(", "));
  }
}
