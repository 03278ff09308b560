package dev.hone.normalize;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One synset of WordNet, as far as the demo's data uses it.
 *
 * @param id part of speech and offset, such as n-00001740
 * @param lemmas its words, underscores as spaces, in WordNet's order
 * @param gloss its definition, without the examples of use
 * @param hypernyms ids of more general synsets
 * @param hyponyms ids of more special synsets
 * @param antonyms ids of synsets with an opposite word
 * @param domains the domains it was found in
 */
record Concept(
    String id,
    List<String> lemmas,
    String gloss,
    List<String> hypernyms,
    List<String> hyponyms,
    List<String> antonyms,
    Set<WordNetDomain> domains) {
  Concept {
    domains = new TreeSet<>(domains);
  }

  /** WordNet's file that it stands in. */
  String file() {
    return switch (id.charAt(0)) {
      case 'n' -> "data.noun";
      case 'v' -> "data.verb";
      case 'r' -> "data.adv";
      default -> "data.adj";
    };
  }
}
