package dev.hone.bench;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The definitions of all of WordNet's nouns: real sentences to make texts of. */
final class Glosses {
  private static final String NOUNS = "net/sf/extjwnl/data/wordnet/wn31/data.noun";
  private static final String BEFORE = " | ";

  private Glosses() {}

  /** In the file's order. */
  static List<String> ofNouns() {
    try (InputStream stream = Glosses.class.getClassLoader().getResourceAsStream(NOUNS)) {
      if (stream == null) {
        throw new FileNotFoundException("it is not on the class path");
      }
      return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> line.contains(BEFORE))
          .map(Glosses::definition)
          .toList();
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot read WordNet's nouns: %s. Put lib/ beside hone.jar, as submit.sh does."
              .formatted(e.getMessage()),
          e);
    }
  }

  /** What stands before the examples of use. */
  private static String definition(String line) {
    String gloss = line.substring(line.indexOf(BEFORE) + BEFORE.length());
    int quote = gloss.indexOf("; \"");
    return (quote < 0 ? gloss : gloss.substring(0, quote)).strip();
  }
}
