package dev.hone.tune;

import dev.hone.config.TuneDimension;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Draws trials from a space at random (Bergstra and Bengio, "Random Search for Hyper-Parameter
 * Optimization", 2012), none twice. A space of single values that holds no more than are asked for
 * is tried as a whole.
 */
final class SearchSpace {
  /** Draws in a row that find nothing new before a space counts as exhausted. */
  private static final int PATIENCE = 1_000;

  private static final MathContext DIGITS = new MathContext(3);

  private final SortedMap<String, TuneDimension> space;

  SearchSpace(SortedMap<String, TuneDimension> space) {
    this.space = space;
  }

  /**
   * The trials that a seed draws.
   *
   * @param most how many there are, or fewer where the space holds no more
   */
  List<Trial> trials(int most, long seed) {
    List<SortedMap<String, String>> drawn = isSmall(most) ? all(seed) : drawn(most, seed);
    List<Trial> trials = new ArrayList<>();
    drawn.forEach(parameters -> trials.add(new Trial(trials.size() + 1, parameters)));
    return trials;
  }

  private boolean isSmall(int most) {
    long size = 1;
    for (TuneDimension dimension : space.values()) {
      if (!(dimension instanceof TuneDimension.Choice choice)) {
        return false;
      }
      size *= choice.values().size();
      if (size > most) {
        return false;
      }
    }
    return true;
  }

  /** Every combination, in an order of the seed. */
  private List<SortedMap<String, String>> all(long seed) {
    List<SortedMap<String, String>> all = new ArrayList<>(List.of(new TreeMap<>()));
    space.forEach(
        (key, dimension) -> {
          List<SortedMap<String, String>> longer = new ArrayList<>();
          for (SortedMap<String, String> begun : all) {
            for (String value : ((TuneDimension.Choice) dimension).values()) {
              SortedMap<String, String> one = new TreeMap<>(begun);
              one.put(key, value);
              longer.add(one);
            }
          }
          all.clear();
          all.addAll(longer);
        });
    Collections.shuffle(all, new Random(seed));
    return all;
  }

  private List<SortedMap<String, String>> drawn(int most, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<SortedMap<String, String>> seen = new HashSet<>();
    List<SortedMap<String, String>> drawn = new ArrayList<>();
    int inVain = 0;
    while (drawn.size() < most && inVain < PATIENCE) {
      SortedMap<String, String> one = new TreeMap<>();
      for (Map.Entry<String, TuneDimension> entry : space.entrySet()) {
        one.put(entry.getKey(), value(entry.getValue(), random));
      }
      if (seen.add(one)) {
        drawn.add(one);
        inVain = 0;
      } else {
        inVain++;
      }
    }
    return drawn;
  }

  private static String value(TuneDimension dimension, SplittableRandom random) {
    if (dimension instanceof TuneDimension.Choice choice) {
      return choice.values().get(random.nextInt(choice.values().size()));
    }
    TuneDimension.Range range = (TuneDimension.Range) dimension;
    // An integer stands for all numbers that are rounded to it.
    double half = range.integral() ? 0.5 : 0;
    double share = random.nextDouble();
    double number =
        switch (range.scale()) {
          case LINEAR -> range.from() - half + share * (range.to() - range.from() + 2 * half);
          case LOG -> Math.exp(log(range.from(), share, range.to()));
        };
    if (range.integral()) {
      return String.valueOf(Math.round(Math.min(range.to(), Math.max(range.from(), number))));
    }
    return new BigDecimal(number).round(DIGITS).stripTrailingZeros().toString();
  }

  private static double log(double from, double share, double to) {
    return Math.log(from) + share * (Math.log(to) - Math.log(from));
  }
}
