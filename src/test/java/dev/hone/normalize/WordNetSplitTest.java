package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.SplitConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The demo's data, on the real WordNet. */
class WordNetSplitTest {
  private static SortedMap<String, Concept> concepts;

  @BeforeAll
  static void read() {
    concepts = WordNetLexicon.read();
  }

  @Test
  void domainsAreOfUsefulSize() {
    for (WordNetDomain domain : WordNetDomain.values()) {
      assertThat(concepts.values().stream().filter(c -> c.domains().contains(domain)).count())
          .as(domain.label())
          .isBetween(800L, 6000L);
    }
  }

  @Test
  void relationsAreWordNets() {
    Concept bank =
        concepts.values().stream()
            .filter(c -> c.lemmas().contains("depository financial institution"))
            .findFirst()
            .orElseThrow();
    assertThat(bank.gloss())
        .isEqualTo(
            "a financial institution that accepts deposits and channels the money into lending"
                + " activities");
    assertThat(concepts.get(bank.hypernyms().get(0)).lemmas()).contains("financial institution");
  }

  @Test
  void noLemmaOrGlossOfAHeldOutQueryIsTrainedOn() {
    HeldOut split = new HeldOut(concepts, new SplitConfig(0.7, 0.1, 0.2, "synset", ""));
    Set<String> trained = new HashSet<>();
    Set<String> tested = new HashSet<>();
    for (Concept concept : concepts.values()) {
      for (String lemma : concept.lemmas()) {
        Set<String> texts = Set.of(HeldOut.key(lemma), HeldOut.key(concept.gloss()));
        switch (split.split(lemma, List.of(concept.gloss()))) {
          case "train" -> trained.addAll(texts);
          case "test" -> tested.addAll(texts);
          default -> {}
        }
      }
    }
    assertThat(trained).hasSizeGreaterThan(5000);
    assertThat(tested).hasSizeGreaterThan(2000).doesNotContainAnyElementsOf(trained);
  }
}
