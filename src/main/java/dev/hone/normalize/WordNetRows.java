package dev.hone.normalize;

import dev.hone.config.DatasetConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Digests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Derives the six types of data from WordNet's relations: own gloss as the positive, co-hyponyms'
 * glosses as hard negatives, hypernymy as entailment, antonymy as contradiction, path similarity as
 * the score.
 */
final class WordNetRows {
  private static final int SIBLINGS = 5;

  private final SortedMap<String, Concept> concepts;
  private final HeldOut heldOut;
  private final NormalRows rows;
  private final List<Concept> members;
  private final Map<String, List<Concept>> byLemma = new TreeMap<>();

  private WordNetRows(SortedMap<String, Concept> concepts, DatasetConfig dataset) {
    this.concepts = concepts;
    this.heldOut = new HeldOut(concepts, dataset.split());
    this.rows = new NormalRows(dataset.name());
    this.members = members(concepts, dataset);
    for (Concept concept : members) {
      for (String lemma : concept.lemmas()) {
        byLemma.computeIfAbsent(HeldOut.key(lemma), key -> new ArrayList<>()).add(concept);
      }
    }
  }

  /** The rows of one data set. */
  static NormalRows of(SortedMap<String, Concept> concepts, DatasetConfig dataset) {
    WordNetRows source = new WordNetRows(concepts, dataset);
    switch (dataset.type()) {
      case PAIRS -> source.pairs();
      case TRIPLETS -> source.siblings(1, "triplet");
      case HARD_NEGATIVES -> source.siblings(SIBLINGS, "hard-negative");
      case NLI -> source.entailments();
      case RANKING -> source.ranking();
      case SCORED -> source.scoredPairs();
    }
    return source.rows;
  }

  private static List<Concept> members(SortedMap<String, Concept> concepts, DatasetConfig dataset) {
    String wanted = dataset.source().options().getOrDefault("domain", "all");
    List<String> known = Arrays.stream(WordNetDomain.values()).map(WordNetDomain::label).toList();
    if (!wanted.equals("all") && !known.contains(wanted)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Data set %s asks for the WordNet domain '%s'. Known: all, %s."
              .formatted(dataset.name(), wanted, String.join(", ", known)));
    }
    return concepts.values().stream()
        .filter(concept -> !concept.gloss().isBlank())
        .filter(
            concept ->
                wanted.equals("all")
                    || concept
                        .domains()
                        .contains(WordNetDomain.valueOf(wanted.toUpperCase(Locale.ROOT))))
        .toList();
  }

  private static String domain(Concept concept) {
    return concept.domains().stream().map(WordNetDomain::label).collect(Collectors.joining("+"));
  }

  private String text(Concept concept) {
    return NormalRows.clean(concept.gloss());
  }

  private void document(Concept concept) {
    rows.document(concept.id(), text(concept), domain(concept), concept.file());
  }

  private static String queryId(String text) {
    return "q-" + Digests.ofText(HeldOut.key(text)).substring(0, 16);
  }

  /** One query per lemma text; every synset of the domain that has it is a positive. */
  private void pairs() {
    members.forEach(this::document);
    byLemma.forEach(
        (lemma, senses) -> {
          lemmaQuery(lemma, senses);
          for (Concept sense : senses) {
            rows.judgement(queryId(lemma), sense.id(), 1, "pair");
          }
        });
  }

  private void lemmaQuery(String lemma, List<Concept> senses) {
    String written = NormalRows.clean(spelling(lemma, senses));
    List<String> glosses = senses.stream().map(Concept::gloss).toList();
    rows.query(queryId(lemma), written, heldOut.split(lemma, glosses), domain(senses.get(0)));
  }

  private static String spelling(String lemma, List<Concept> senses) {
    return senses.get(0).lemmas().stream()
        .filter(word -> HeldOut.key(word).equals(lemma))
        .findFirst()
        .orElseThrow();
  }

  /** Lemmas with their own gloss and the glosses of co-hyponyms. */
  private void siblings(int most, String origin) {
    byLemma.forEach(
        (lemma, senses) -> {
          Concept own = senses.get(0);
          List<Concept> negatives =
              coHyponyms(own).stream()
                  .filter(sibling -> !senses.contains(sibling))
                  .limit(most)
                  .toList();
          if (senses.size() != 1 || negatives.isEmpty()) {
            return;
          }
          lemmaQuery(lemma, senses);
          document(own);
          rows.judgement(queryId(lemma), own.id(), 1, origin);
          for (Concept negative : negatives) {
            document(negative);
            rows.judgement(queryId(lemma), negative.id(), 0, origin);
          }
        });
  }

  /** Siblings under a direct hypernym, in an order that a hash of both ids gives. */
  private List<Concept> coHyponyms(Concept concept) {
    SortedMap<String, Concept> byHash = new TreeMap<>();
    for (String hypernym : concept.hypernyms()) {
      for (String id : concepts.get(hypernym).hyponyms()) {
        if (!id.equals(concept.id()) && !concepts.get(id).gloss().isBlank()) {
          byHash.put(Digests.ofText(concept.id() + id), concepts.get(id));
        }
      }
    }
    return List.copyOf(byHash.values());
  }

  /** A gloss entails its hypernym's, contradicts an antonym's, and is neutral to a co-hyponym's. */
  private void entailments() {
    for (Concept concept : members) {
      List<Concept> hypernyms = concept.hypernyms().stream().map(concepts::get).toList();
      List<Concept> antonyms = concept.antonyms().stream().map(concepts::get).toList();
      List<Concept> neutral = coHyponyms(concept).stream().limit(1).toList();
      if (hypernyms.isEmpty() && antonyms.isEmpty()) {
        continue;
      }
      String id = "premise-" + concept.id();
      rows.query(id, text(concept), splitOf(List.of(concept)), domain(concept));
      judge(id, hypernyms, 1, "entailment");
      judge(id, antonyms, 0, "contradiction");
      judge(id, neutral, null, "neutral");
    }
  }

  private void judge(String query, List<Concept> hypotheses, Integer grade, String origin) {
    for (Concept hypothesis : hypotheses) {
      document(hypothesis);
      rows.judgement(query, hypothesis.id(), grade, origin);
    }
  }

  private String splitOf(List<Concept> parts) {
    return heldOut.splitOfGlosses(parts.stream().map(Concept::gloss).toList());
  }

  /** A first lemma searches all glosses: its own is graded 2, direct relatives' 1. */
  private void ranking() {
    members.forEach(this::document);
    for (Concept concept : members) {
      String lemma = concept.lemmas().get(0);
      String id = "topic-" + concept.id();
      List<String> glosses = List.of(concept.gloss());
      rows.query(id, NormalRows.clean(lemma), heldOut.split(lemma, glosses), domain(concept));
      rows.judgement(id, concept.id(), 2, "qrels");
      List<String> relatives = new ArrayList<>(concept.hypernyms());
      relatives.addAll(concept.hyponyms());
      for (String relative : relatives) {
        if (!concepts.get(relative).gloss().isBlank()) {
          document(concepts.get(relative));
          rows.judgement(id, relative, 1, "qrels");
        }
      }
    }
  }

  /** Path similarity 1 / (1 + steps), of 0-5: to a hypernym, a co-hyponym, and a distant synset. */
  private void scoredPairs() {
    List<Concept> shuffled =
        members.stream()
            .filter(concept -> concept.id().startsWith("n-"))
            .sorted(Comparator.comparing(concept -> Digests.ofText("scored " + concept.id())))
            .toList();
    for (int i = 0; i < shuffled.size(); i++) {
      Concept concept = shuffled.get(i);
      concept.hypernyms().stream().limit(1).forEach(id -> scored(concept, concepts.get(id)));
      coHyponyms(concept).stream().limit(1).forEach(sibling -> scored(concept, sibling));
      scored(concept, shuffled.get((i + 1) % shuffled.size()));
    }
  }

  private void scored(Concept a, Concept b) {
    Integer steps = steps(a, b);
    if (steps == null || a.id().equals(b.id())) {
      return;
    }
    rows.scoredPair(
        a.id() + "~" + b.id(), text(a), text(b), 5.0 / (1 + steps), splitOf(List.of(a, b)));
  }

  /** Steps over a common hypernym within the domains, or null where there is none. */
  private Integer steps(Concept a, Concept b) {
    Map<String, Integer> above = ancestors(a);
    Integer fewest = null;
    for (Map.Entry<String, Integer> ancestor : ancestors(b).entrySet()) {
      Integer other = above.get(ancestor.getKey());
      if (other != null && (fewest == null || other + ancestor.getValue() < fewest)) {
        fewest = other + ancestor.getValue();
      }
    }
    return fewest;
  }

  private Map<String, Integer> ancestors(Concept concept) {
    Map<String, Integer> distances = new LinkedHashMap<>();
    List<String> level = List.of(concept.id());
    for (int distance = 0; !level.isEmpty(); distance++) {
      List<String> next = new ArrayList<>();
      for (String id : level) {
        if (distances.putIfAbsent(id, distance) == null) {
          next.addAll(concepts.get(id).hypernyms());
        }
      }
      level = next;
    }
    return distances;
  }
}
