package dev.hone.torch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Real English text for tests: WordNet's noun glosses, joined to reach any length. */
public final class WordNetTexts {
  private static final String NOUNS = "net/sf/extjwnl/data/wordnet/wn31/data.noun";

  private WordNetTexts() {}

  /** The first glosses of the file. */
  public static List<String> glosses(int count) {
    return lines(count).stream()
        .map(line -> line.substring(line.indexOf("| ") + 2).strip())
        .toList();
  }

  /** The first lemma of each of the same synsets. */
  public static List<String> lemmas(int count) {
    return lines(count).stream()
        .map(line -> line.split(" ")[4].replace('_', ' ').toLowerCase(Locale.ROOT))
        .toList();
  }

  /** Texts of 1 to about 300 tokens. */
  public static List<String> ofAllLengths(int count) {
    List<String> glosses = glosses(count + 400);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int words = 1 + (i * 37) % 200;
      StringBuilder text = new StringBuilder(glosses.get(i));
      for (int j = i + 1; text.toString().split(" ").length < words; j++) {
        text.append(' ').append(glosses.get(j));
      }
      String[] parts = text.toString().split(" ");
      texts.add(String.join(" ", List.of(parts).subList(0, Math.min(words, parts.length))));
    }
    return texts;
  }

  private static List<String> lines(int count) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                WordNetTexts.class.getClassLoader().getResourceAsStream(NOUNS),
                StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("  ")).limit(count).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
