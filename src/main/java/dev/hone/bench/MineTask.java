package dev.hone.bench;

import dev.hone.config.Bm25Config;
import dev.hone.config.DocumentField;
import dev.hone.config.TextAnalysis;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What everybody searches, and how; it travels as the arguments of a process.
 *
 * @param folder where everything lies
 * @param documents how many documents, each with a vector and a text
 * @param queries how many queries, each with a vector and a text
 * @param seed of vectors and texts
 * @param heap of each of Hone's executors, MiB
 * @param parts what is measured
 */
record MineTask(Path folder, int documents, int queries, long seed, int heap, Set<MinePart> parts) {
  static final int K = 100;

  /** That of small encoders. */
  static final int DIMENSION = 384;

  /** Threads of everybody, in one process or in two. */
  static final int THREADS = 2;

  static final String DATASET = "made";
  static final Bm25Config BM25 =
      new Bm25Config(TextAnalysis.ENGLISH, 0.9, 0.4, List.of(DocumentField.WHOLE));

  private static final int CHECKED_SHARE = 10;

  static MineTask of(String... arguments) {
    return new MineTask(
        Path.of(arguments[0]),
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        Long.parseLong(arguments[3]),
        Integer.parseInt(arguments[4]),
        Arrays.stream(arguments[5].split(","))
            .map(MinePart::valueOf)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(MinePart.class))));
  }

  List<String> arguments() {
    return List.of(
        folder.toString(),
        String.valueOf(documents),
        String.valueOf(queries),
        String.valueOf(seed),
        String.valueOf(heap),
        parts.stream().map(Enum::name).collect(Collectors.joining(",")));
  }

  boolean has(MinePart part) {
    return parts.contains(part);
  }

  boolean hasTexts() {
    return has(MinePart.BM25) || has(MinePart.INDEX);
  }

  MadeVectors documentVectors() {
    return new MadeVectors(2 * seed, DIMENSION);
  }

  MadeVectors queryVectors() {
    return new MadeVectors(2 * seed + 1, DIMENSION);
  }

  VectorFile documentFile() {
    return new VectorFile(folder.resolve("documents.f32"), DIMENSION);
  }

  VectorFile queryFile() {
    return new VectorFile(folder.resolve("queries.f32"), DIMENSION);
  }

  Path documentTexts() {
    return folder.resolve("documents.jsonl");
  }

  Path queryTexts() {
    return folder.resolve("queries.jsonl");
  }

  /** Where the names of the published shards' folders stand. */
  Path shards() {
    return folder.resolve("shards.txt");
  }

  /** Where a contestant leaves what it found of the queries that are checked. */
  Path results(MinePart part, String who) {
    return folder.resolve("results-%s-%s.tsv".formatted(part, who));
  }

  /** So many of the first queries are checked. */
  int checked() {
    return Math.max(1, queries / CHECKED_SHARE);
  }

  static String documentId(long number) {
    return "d" + number;
  }

  static String queryId(long number) {
    return "q" + number;
  }
}
