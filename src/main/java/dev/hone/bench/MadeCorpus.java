package dev.hone.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A ranking data set of any size, made of glosses by repetition with changes: the same rows for the
 * same seed.
 *
 * <p>Of a hundred documents, twenty repeat another one with one gloss exchanged, one repeats it
 * word for word under its own id, and one begins with a passage that all hundreds share. One of a
 * thousand is empty, a reject, and so is a judgement of it.
 */
final class MadeCorpus {
  private static final int HUNDRED = 100;
  private static final int CHANGED = 20;
  private static final int COPY = 21;
  private static final int SHARED = 22;
  private static final int EMPTY = 23;
  private static final int REPEATED = 30;
  private static final int HUNDREDS_PER_EMPTY = 10;
  private static final int GLOSSES = 9;
  private static final int DOCUMENTS_PER_QUERY = 10;
  private static final int LONGEST_TITLE = 40;

  private final List<String> glosses;
  private final long seed;

  MadeCorpus(List<String> glosses, long seed) {
    this.glosses = glosses;
    this.seed = seed;
  }

  private record Document(String id, String title, String text) {}

  private record Query(String id, String text) {}

  private record Qrel(String query_id, String doc_id, int grade) {}

  /**
   * Writes the files of the data set, and a configuration that reads them.
   *
   * @return the configuration's file
   */
  Path write(Path folder, long documents) throws IOException {
    long queries = documents / DOCUMENTS_PER_QUERY;
    writeTexts(folder, documents, queries);
    try (SequenceWriter lines = lines(folder.resolve("qrels.jsonl"))) {
      for (long i = 0; i < queries; i++) {
        lines.write(new Qrel("q" + i, "d" + answer(i), 2));
        lines.write(new Qrel("q" + i, "d" + (answer(i) + 1) % documents, 1));
      }
    }
    return Files.writeString(
        folder.resolve("run.conf"),
        """
        hone.datasets = [ { name = made, type = ranking
          documents { format = json, path = "%1$s/documents.jsonl" }
          queries { format = json, path = "%1$s/queries.jsonl" }
          qrels { format = json, path = "%1$s/qrels.jsonl" } } ]
        """
            .formatted(folder.toString().replace("\\", "\\\\").replace("\"", "\\\"")));
  }

  /** Writes {@code documents.jsonl} and {@code queries.jsonl}. */
  void writeTexts(Path folder, long documents, long queries) throws IOException {
    Files.createDirectories(folder);
    try (SequenceWriter lines = lines(folder.resolve("documents.jsonl"))) {
      for (long i = 0; i < documents; i++) {
        lines.write(document(i));
      }
    }
    try (SequenceWriter lines = lines(folder.resolve("queries.jsonl"))) {
      for (long i = 0; i < queries; i++) {
        lines.write(query(i));
      }
    }
  }

  private static SequenceWriter lines(Path file) throws IOException {
    BufferedWriter writer = Files.newBufferedWriter(file);
    return new ObjectMapper().writer().withRootValueSeparator("\n").writeValues(writer);
  }

  private Document document(long i) {
    if (isEmpty(i)) {
      return new Document("d" + i, "", "");
    }
    String title = glosses.get(at(i, GLOSSES));
    int end = title.lastIndexOf(' ', LONGEST_TITLE);
    return new Document("d" + i, end < 0 ? "" : title.substring(0, end), text(i));
  }

  private Query query(long i) {
    return new Query("q" + i, glosses.get(at(answer(i), (int) (i % GLOSSES))));
  }

  private static long answer(long query) {
    return query * DOCUMENTS_PER_QUERY + query % DOCUMENTS_PER_QUERY;
  }

  private static boolean isEmpty(long i) {
    return i % HUNDRED == EMPTY && i / HUNDRED % HUNDREDS_PER_EMPTY == 0;
  }

  private String text(long i) {
    int kind = (int) (i % HUNDRED);
    long source = kind <= COPY ? i + REPEATED : kind == SHARED ? SHARED : i;
    List<String> parts = new ArrayList<>(GLOSSES);
    for (int place = 0; place < GLOSSES; place++) {
      parts.add(glosses.get(at(source, place)));
    }
    if (kind < CHANGED || kind == SHARED) {
      int changed = kind == SHARED ? GLOSSES - 1 : kind % GLOSSES;
      parts.set(changed, glosses.get(at(i, changed)));
    }
    return String.join(". ", parts) + ".";
  }

  private int at(long document, int place) {
    return new SplittableRandom(seed + document * (GLOSSES + 1) + place).nextInt(glosses.size());
  }
}
