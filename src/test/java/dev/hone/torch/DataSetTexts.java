package dev.hone.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Documents of public data sets, taken at even distances from the files as they are published. */
final class DataSetTexts {
  private DataSetTexts() {}

  /** Abstracts of SciFact with their titles. */
  static List<String> sciFact(Path data, int count) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> texts = new ArrayList<>();
    for (String line : Files.readAllLines(data.resolve("scifact/corpus.jsonl"))) {
      JsonNode document = json.readTree(line);
      texts.add((document.path("title").asText() + " " + document.path("text").asText()).strip());
    }
    return sample(texts, count);
  }

  /** Answers of MedQuAD. */
  static List<String> medQuad(Path data, int count)
      throws IOException, ParserConfigurationException, SAXException {
    DocumentBuilder parser = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
    List<String> texts = new ArrayList<>();
    try (InputStream file = Files.newInputStream(data.resolve("medquad/medquad-xml.tar.gz"));
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new GZIPInputStream(new BufferedInputStream(file)))) {
      for (TarArchiveEntry member = tar.getNextEntry();
          member != null;
          member = tar.getNextEntry()) {
        if (member.isFile() && member.getName().endsWith(".xml")) {
          addAnswers(parser, tar.readAllBytes(), texts);
        }
      }
    }
    return sample(texts, count);
  }

  private static void addAnswers(DocumentBuilder parser, byte[] document, List<String> texts)
      throws IOException, SAXException {
    NodeList answers =
        parser.parse(new ByteArrayInputStream(document)).getElementsByTagName("Answer");
    for (int i = 0; i < answers.getLength(); i++) {
      String answer = answers.item(i).getTextContent().strip();
      if (!answer.isEmpty()) {
        texts.add(answer);
      }
    }
  }

  private static List<String> sample(List<String> texts, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> texts.get((int) ((long) i * texts.size() / count)))
        .toList();
  }
}
