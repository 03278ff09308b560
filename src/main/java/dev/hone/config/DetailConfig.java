package dev.hone.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is told of the evaluated models beside their metrics; no change of it evaluates again.
 *
 * @param slices by which the queries are parted
 * @param probes pairs of texts that are compared
 */
public record DetailConfig(List<SliceConfig> slices, List<ProbeConfig> probes) {
  /** Refuses values out of range, and two slices of one name. */
  public DetailConfig {
    Keys.SLICES.check(slices);
    Keys.PROBES.check(probes);
    slices = List.copyOf(slices);
    probes = List.copyOf(probes);
    Set<String> names = new HashSet<>();
    for (SliceConfig slice : slices) {
      if (!names.add(slice.name())) {
        throw new IllegalArgumentException(
            "evaluate.slices names " + slice.name() + " twice, but each name may stand once");
      }
    }
  }
}
