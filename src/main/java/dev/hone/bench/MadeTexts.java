package dev.hone.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.search.Hit;
import dev.hone.search.TextDocument;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads what {@link MadeCorpus} wrote, for those that search without Spark. */
final class MadeTexts {
  private MadeTexts() {}

  /** Title and text of each document, by id ascending. */
  static List<TextDocument> documents(Path file) throws IOException {
    List<TextDocument> documents = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode document = json.readTree(line);
        String id = document.path("id").asText();
        String whole = document.path("title").asText() + " " + document.path("text").asText();
        documents.add(new TextDocument(id, id, List.of(whole.strip())));
      }
    }
    documents.sort(Comparator.comparing(TextDocument::id, Hit.BY_UTF8));
    return documents;
  }

  /** The text of each query, in the order of their numbers. */
  static List<String> queries(Path file) throws IOException {
    return BenchTexts.read(file);
  }
}
