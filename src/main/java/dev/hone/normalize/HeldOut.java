package dev.hone.normalize;

import dev.hone.config.SplitConfig;
import dev.hone.store.Digests;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Which lemmas and glosses of WordNet are trained on, and which are held out.
 *
 * <p>A synset's split comes from a hash of its id. A lemma with a synset in test is a test query in
 * every data set; a gloss that answers a held-out query, or is one word for word, is trained on in
 * none.
 */
final class HeldOut {
  private static final double HASHES = 0x1p32;

  private final SplitConfig split;
  private final Map<String, Integer> rankOfLemma = new HashMap<>();
  private final Map<String, Integer> rankOfGloss = new HashMap<>();

  HeldOut(SortedMap<String, Concept> concepts, SplitConfig split) {
    this.split = split;
    for (Concept concept : concepts.values()) {
      int rank = rank(concept.id());
      concept.lemmas().forEach(lemma -> rankOfLemma.merge(key(lemma), rank, Math::max));
    }
    for (Concept concept : concepts.values()) {
      // A gloss may be another synset's lemma, word for word: "purchase".
      rankOfLemma.computeIfPresent(
          key(concept.gloss()),
          (gloss, rank) -> {
            rankOfGloss.merge(gloss, rank, Math::max);
            return rank;
          });
      for (String lemma : concept.lemmas()) {
        rankOfGloss.merge(key(concept.gloss()), rankOfLemma.get(key(lemma)), Math::max);
      }
    }
  }

  /** 0 train, 1 validation, 2 test. */
  private int rank(String id) {
    long hash = Long.parseLong(Digests.ofText("split " + id).substring(0, 8), 16);
    double place = hash / HASHES;
    return place < split.train() ? 0 : place < split.train() + split.validation() ? 1 : 2;
  }

  static String key(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /**
   * The split of a query: where a gloss that answers it is held out for a stricter one, it is used
   * for nothing.
   */
  String split(String lemma, Iterable<String> glosses) {
    return name(rankOfLemma.get(key(lemma)), glosses);
  }

  /** The split of a row that is made of glosses alone. */
  String splitOfGlosses(Iterable<String> glosses) {
    Set<Integer> ranks = new HashSet<>();
    glosses.forEach(gloss -> ranks.add(rankOfGloss.get(key(gloss))));
    return ranks.size() == 1 ? name(ranks.iterator().next(), glosses) : "none";
  }

  private String name(int rank, Iterable<String> glosses) {
    for (String gloss : glosses) {
      if (rankOfGloss.get(key(gloss)) > rank) {
        return "none";
      }
    }
    return switch (rank) {
      case 0 -> "train";
      case 1 -> "validation";
      default -> "test";
    };
  }
}
