package dev.hone.normalize;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.sf.extjwnl.JWNLException;
import net.sf.extjwnl.data.IndexWord;
import net.sf.extjwnl.data.POS;
import net.sf.extjwnl.data.Pointer;
import net.sf.extjwnl.data.PointerType;
import net.sf.extjwnl.data.Synset;
import net.sf.extjwnl.data.Word;
import net.sf.extjwnl.dictionary.Dictionary;

/** The concepts of the demo's domains, read from WordNet 3.1. */
final class WordNetLexicon {
  private static final String DATA = "net/sf/extjwnl/data/wordnet/wn31/";
  private static final List<String> FILES =
      List.of("data.noun", "data.verb", "data.adj", "data.adv", "index.noun");

  private final Dictionary dictionary;
  private final Map<String, Synset> found = new TreeMap<>();
  private final Map<String, Set<WordNetDomain>> domains = new TreeMap<>();

  private WordNetLexicon(Dictionary dictionary) {
    this.dictionary = dictionary;
  }

  /** Reads the concepts of all domains, by id. */
  static SortedMap<String, Concept> read() {
    try {
      WordNetLexicon lexicon = new WordNetLexicon(Dictionary.getDefaultResourceInstance());
      try {
        for (WordNetDomain domain : WordNetDomain.values()) {
          lexicon.collect(domain);
        }
        return lexicon.concepts();
      } finally {
        lexicon.dictionary.close();
      }
    } catch (JWNLException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot read WordNet: "
              + e.getMessage()
              + ". Put lib/ beside hone.jar, as submit.sh does.",
          e);
    }
  }

  /** SHA-256 over WordNet's files. */
  static String digest() {
    StringBuilder digests = new StringBuilder();
    for (String file : FILES) {
      try (InputStream stream =
          WordNetLexicon.class.getClassLoader().getResourceAsStream(DATA + file)) {
        digests.append(file).append(' ').append(Digests.ofStream(stream)).append('\n');
      } catch (IOException e) {
        throw new HoneException(
            ErrorCode.CONFIGURATION, "Cannot read WordNet's " + file + ": " + e.getMessage(), e);
      }
    }
    return Digests.ofText(digests.toString());
  }

  private void collect(WordNetDomain domain) throws JWNLException {
    for (String root : domain.roots()) {
      closure(sense(root), domain);
    }
    for (String topic : domain.topics()) {
      for (Pointer member : sense(topic).getPointers(PointerType.CATEGORY_MEMBER)) {
        closure(member.getTargetSynset(), domain);
      }
    }
  }

  private Synset sense(String root) throws JWNLException {
    String[] parts = root.split("#");
    IndexWord word = dictionary.getIndexWord(POS.NOUN, parts[0].replace('_', ' '));
    int number = Integer.parseInt(parts[1]);
    if (word == null || word.getSenses().size() < number) {
      throw new IllegalStateException("WordNet has no sense " + root);
    }
    return word.getSenses().get(number - 1);
  }

  private void closure(Synset root, WordNetDomain domain) throws JWNLException {
    Deque<Synset> open = new ArrayDeque<>();
    open.add(root);
    while (!open.isEmpty()) {
      Synset synset = open.remove();
      String id = id(synset);
      found.put(id, synset);
      if (!domains.computeIfAbsent(id, key -> EnumSet.noneOf(WordNetDomain.class)).add(domain)) {
        continue;
      }
      for (Pointer pointer : synset.getPointers(PointerType.HYPONYM)) {
        open.add(pointer.getTargetSynset());
      }
    }
  }

  private SortedMap<String, Concept> concepts() throws JWNLException {
    SortedMap<String, Concept> concepts = new TreeMap<>();
    for (Map.Entry<String, Synset> entry : found.entrySet()) {
      Synset synset = entry.getValue();
      concepts.put(
          entry.getKey(),
          new Concept(
              entry.getKey(),
              synset.getWords().stream().map(Word::getLemma).map(WordNetLexicon::spaced).toList(),
              definition(synset.getGloss()),
              targets(synset, PointerType.HYPERNYM),
              targets(synset, PointerType.HYPONYM),
              targets(synset, PointerType.ANTONYM),
              domains.get(entry.getKey())));
    }
    return concepts;
  }

  private List<String> targets(Synset synset, PointerType type) throws JWNLException {
    List<String> ids = new ArrayList<>();
    for (Pointer pointer : synset.getPointers(type)) {
      String id = id(pointer.getTargetPOS(), pointer.getTargetOffset());
      if (found.containsKey(id)) {
        ids.add(id);
      }
    }
    Collections.sort(ids);
    return ids.stream().distinct().toList();
  }

  private static String id(Synset synset) {
    return id(synset.getPOS(), synset.getOffset());
  }

  private static String id(POS part, long offset) {
    return "%s-%08d".formatted(part.getKey(), offset);
  }

  private static String spaced(String lemma) {
    return lemma.replace('_', ' ');
  }

  /** A gloss without its examples, which stand in quotes behind the definition. */
  private static String definition(String gloss) {
    int quote = gloss.indexOf("; \"");
    return (quote < 0 ? gloss : gloss.substring(0, quote)).strip();
  }
}
