package dev.hone.chain;

import dev.hone.config.RunConfig;
import dev.hone.config.StrategyConfig;
import dev.hone.error.HoneException;
import dev.hone.model.CrossEncoderFolder;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelSource;
import dev.hone.store.LocalCache;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * The models beside the base that mining and training ask.
 *
 * @param encoders those that give vectors, by the names that the configuration uses
 * @param crossEncoder the filter scorer, where it is a cross-encoder
 */
record Miners(SortedMap<String, ModelFolder> encoders, Optional<CrossEncoderFolder> crossEncoder) {

  /** Copies the map. */
  Miners {
    encoders = Collections.unmodifiableSortedMap(new TreeMap<>(encoders));
  }

  /**
   * Finds the models of a configuration.
   *
   * @throws HoneException if one is not there or cannot be used
   */
  static Miners of(RunConfig config, LocalCache cache, Configuration hadoop) {
    SortedSet<String> names = new TreeSet<>();
    for (StrategyConfig strategy : config.mine().strategies()) {
      if (strategy instanceof StrategyConfig.WithModel dense) {
        names.add(dense.model().orElse(config.model()));
      }
    }
    if (config.train().loss().guide().isOn()) {
      names.add(config.train().loss().guide().model());
    }
    names.remove(config.model());
    String scorer = config.mine().filterScorer().orElse(config.model());
    Optional<CrossEncoderFolder> crossEncoder = Optional.empty();
    if (!scorer.equals(config.model())) {
      if (ModelSource.isCrossEncoder(scorer, cache, hadoop)) {
        crossEncoder = Optional.of(ModelSource.crossEncoder(scorer, cache, hadoop));
      } else {
        names.add(scorer);
      }
    }
    SortedMap<String, ModelFolder> encoders = new TreeMap<>();
    names.forEach(name -> encoders.put(name, ModelSource.resolve(name, cache, hadoop)));
    return new Miners(encoders, crossEncoder);
  }

  /** Digests of all these models, in the order of their names, the cross-encoder last. */
  List<String> digests() {
    List<String> digests = new ArrayList<>();
    encoders.values().forEach(folder -> digests.add(folder.digest()));
    crossEncoder.ifPresent(folder -> digests.add(folder.digest()));
    return List.copyOf(digests);
  }
}
