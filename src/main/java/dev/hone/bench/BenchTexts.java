package dev.hone.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Documents to encode: those of SciFact where they are on this machine, else texts of like lengths
 * made of WordNet's definitions.
 *
 * @param name what they are
 */
record BenchTexts(String name, List<String> texts) {
  private static final int SHORTEST_WORDS = 60;
  private static final int LONGEST_WORDS = 340;

  private record Line(String id, String title, String text) {}

  /**
   * The first documents of SciFact below a folder of data sets.
   *
   * @throws HoneException if it has fewer
   */
  static BenchTexts ofSciFact(Path data, int documents) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> texts = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(corpus(data))) {
      String line = lines.readLine();
      for (; line != null && texts.size() < documents; line = lines.readLine()) {
        JsonNode document = json.readTree(line);
        texts.add((document.path("title").asText() + " " + document.path("text").asText()).strip());
      }
    }
    if (texts.size() < documents) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot take %d documents of SciFact: it has %d. Lower --documents, or unset HONE_DATA to have texts made."
              .formatted(documents, texts.size()));
    }
    return new BenchTexts("SciFact", texts);
  }

  /** Where SciFact's documents lie below a folder of data sets. */
  static Path corpus(Path data) {
    return data.resolve("scifact").resolve("corpus.jsonl");
  }

  /** Texts of 60 to 340 words; the same for the same seed. */
  static BenchTexts made(List<String> glosses, long seed, int documents) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      int wanted = random.nextInt(SHORTEST_WORDS, LONGEST_WORDS + 1);
      StringBuilder text = new StringBuilder();
      for (int words = 0; words < wanted; ) {
        String gloss = glosses.get(random.nextInt(glosses.size()));
        text.append(gloss).append(". ");
        words += gloss.split(" ").length;
      }
      texts.add(text.toString().strip());
    }
    return new BenchTexts("made of WordNet", texts);
  }

  /** Writes the texts as documents of a data set, one JSON object per line. */
  static void write(Path file, List<String> texts) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file);
        SequenceWriter lines =
            new ObjectMapper().writer().withRootValueSeparator("\n").writeValues(writer)) {
      for (int i = 0; i < texts.size(); i++) {
        lines.write(new Line("d" + i, "", texts.get(i)));
      }
    }
  }

  /** Reads the texts of a file that {@link #write} wrote. */
  static List<String> read(Path file) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> texts = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      texts.add(json.readTree(line).path("text").asText());
    }
    return texts;
  }

  /** Every n-th text, beginning with one of the first: shares of like lengths. */
  static List<String> share(List<String> texts, int first, int every) {
    List<String> share = new ArrayList<>();
    for (int i = first; i < texts.size(); i += every) {
      share.add(texts.get(i));
    }
    return share;
  }
}
