package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model's tokenizer: the tokenizer.json of its folder, or the one that a vocab.txt alone stands
 * for.
 *
 * @param folder the model's folder
 * @param json the content of the tokenizer.json
 */
record TokenizerFile(Path folder, String json) {
  static final String NAME = "tokenizer.json";
  static final String VOCABULARY = "vocab.txt";

  /** Files of tokenizers that have to be converted first. */
  private static final List<String> CONVERTIBLE =
      List.of(
          "sentencepiece.bpe.model",
          "spiece.model",
          "tokenizer.model",
          "spm.model",
          "vocab.json",
          "merges.txt");

  /**
   * Reads a folder's tokenizer.
   *
   * @throws HoneException if there is none that can be read; the message says how to convert others
   */
  static TokenizerFile in(Path folder) {
    if (Files.isRegularFile(folder.resolve(NAME))) {
      return new TokenizerFile(folder, read(folder));
    }
    for (String file : CONVERTIBLE) {
      if (Files.isRegularFile(folder.resolve(file))) {
        throw refused(
            folder, "it has a %s and no %s, which alone is read".formatted(file, NAME), null);
      }
    }
    if (Files.isRegularFile(folder.resolve(VOCABULARY))) {
      return new TokenizerFile(folder, WordPieceTokenizer.write(folder));
    }
    throw refused(folder, "it has neither %s nor %s".formatted(NAME, VOCABULARY), null);
  }

  private static String read(Path folder) {
    String json;
    try {
      json = Files.readString(folder.resolve(NAME));
    } catch (IOException e) {
      throw refused(folder, NAME + " cannot be read: " + e, e);
    }
    if (json.startsWith(SafetensorsHeader.LFS_POINTER)) {
      throw Safetensors.pointer("tokenizer", folder.resolve(NAME));
    }
    return json;
  }

  /**
   * The same tokenizer with texts in lower case before anything else, for folders of
   * sentence-transformers that ask for it ({@code do_lower_case}).
   */
  TokenizerFile lowercased() {
    ObjectNode root = (ObjectNode) tree();
    JsonNode before = root.path("normalizer");
    ArrayNode steps = root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    steps.addObject().put("type", "Lowercase");
    if (before.isObject()) {
      steps.add(before);
    }
    return new TokenizerFile(folder, root.toString());
  }

  private JsonNode tree() {
    try {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw refused(folder, NAME + " is not JSON: " + e.getMessage(), e);
    }
  }

  /**
   * Checks that every token has a row in the word embedding.
   *
   * @param tensor name of the word embedding, for the message
   * @param rows its rows
   * @throws HoneException naming the largest id, where it is too large
   */
  void requireIdsBelow(int rows, String tensor) {
    String token = "";
    long largest = -1;
    for (Map.Entry<String, Long> one : largestIds()) {
      if (one.getValue() > largest) {
        token = one.getKey();
        largest = one.getValue();
      }
    }
    if (largest < 0) {
      throw refused(folder, NAME + " lists no tokens", null);
    }
    if (largest >= rows) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot use the model folder %s: its tokenizer has the token '%s' with the id %d, and the tensor %s has %d rows, so that ids should be below %d. Take tokenizer and weights from one model, or give the weights the missing rows with model.resize_token_embeddings(len(tokenizer))."
              .formatted(folder, token, largest, tensor, rows, rows));
    }
  }

  /** The token of the largest id in the vocabulary, and each added token. */
  private List<Map.Entry<String, Long>> largestIds() {
    JsonNode root = tree();
    List<Map.Entry<String, Long>> ids = new ArrayList<>();
    JsonNode vocabulary = root.path("model").path("vocab");
    if (vocabulary.isArray() && !vocabulary.isEmpty()) {
      int last = vocabulary.size() - 1;
      ids.add(Map.entry(vocabulary.path(last).path(0).asText(), (long) last));
    }
    vocabulary
        .properties()
        .forEach(token -> ids.add(Map.entry(token.getKey(), token.getValue().asLong(-1))));
    root.path("added_tokens")
        .forEach(
            token ->
                ids.add(Map.entry(token.path("content").asText(), token.path("id").asLong(-1))));
    return ids;
  }

  static HoneException refused(Path folder, String why, Exception cause) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot use the tokenizer of %s: %s. With transformers, write a tokenizer.json there: %s"
            .formatted(folder, why, PythonCommand.convertTokenizer(folder.toString())),
        cause);
  }
}
