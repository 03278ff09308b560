package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes the tokenizer.json of a folder that has a vocab.txt alone, as transformers does when it
 * loads such a folder: BERT's normalization and words, WordPiece, special tokens before and after.
 *
 * <p>The settings come from tokenizer_config.json. Where that lists no added tokens, the older
 * special_tokens_map.json goes before it, and added_tokens.json counts too.
 */
final class WordPieceTokenizer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADDED = "added_tokens_decoder";

  private static final List<String> ROLES =
      List.of("unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

  /** The tokens of the roles where no file says otherwise. */
  private static final List<String> BERT = List.of("[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]");

  private static final List<String> MPNET = List.of("[UNK]", "</s>", "<pad>", "<s>", "<mask>");

  private final Path folder;
  private final List<String> family;
  private final ObjectNode settings;
  private final Map<String, Integer> vocabulary = new LinkedHashMap<>();
  private final Map<String, String> roles = new LinkedHashMap<>();
  private final SortedMap<Integer, ObjectNode> added = new TreeMap<>();

  private WordPieceTokenizer(Path folder) throws IOException {
    this.folder = folder;
    settings = settings(folder);
    family = family(folder, settings);
    List<String> lines = Files.readAllLines(folder.resolve(TokenizerFile.VOCABULARY));
    for (int id = 0; id < lines.size(); id++) {
      vocabulary.put(lines.get(id), id);
    }
    settings
        .path(ADDED)
        .properties()
        .forEach(token -> added.put(id(token.getKey()), token(token.getValue(), false)));
    for (int i = 0; i < ROLES.size(); i++) {
      role(ROLES.get(i), family.get(i));
    }
    for (String key : List.of("additional_special_tokens", "extra_special_tokens")) {
      settings.path(key).forEach(this::special);
    }
  }

  /**
   * The content of the tokenizer.json.
   *
   * @throws dev.hone.error.HoneException if the vocabulary is of another kind of tokenizer, or
   *     lacks a special token
   */
  static String write(Path folder) {
    try {
      return JSON.writeValueAsString(new WordPieceTokenizer(folder).json());
    } catch (IOException e) {
      throw TokenizerFile.refused(folder, TokenizerFile.VOCABULARY + " cannot be read: " + e, e);
    }
  }

  private static ObjectNode settings(Path folder) throws IOException {
    ObjectNode settings = JSON.createObjectNode();
    settings.setAll(object(folder, "tokenizer_config.json"));
    if (!settings.has(ADDED)) {
      settings.setAll(object(folder, "special_tokens_map.json"));
      ObjectNode decoder = settings.putObject(ADDED);
      object(folder, "added_tokens.json")
          .properties()
          .forEach(
              token ->
                  decoder
                      .putObject(token.getValue().asText())
                      .put("content", token.getKey())
                      .put("normalized", true)
                      .put("special", false));
    }
    return settings;
  }

  private static ObjectNode object(Path folder, String file) throws IOException {
    JsonNode node = ModelFolder.optional(folder.resolve(file));
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw TokenizerFile.refused(folder, file + " is not a JSON object", null);
  }

  private static List<String> family(Path folder, ObjectNode settings) throws IOException {
    String type = object(folder, ModelFolder.CONFIG).path("model_type").asText();
    String name = settings.path("tokenizer_class").asText("").replaceFirst("Fast$", "");
    return switch (name.isEmpty() ? type : name) {
      case "BertTokenizer", "DistilBertTokenizer", "bert", "distilbert" -> BERT;
      case "MPNetTokenizer", "mpnet" -> MPNET;
      default ->
          throw TokenizerFile.refused(
              folder,
              "it has a vocab.txt alone, of the tokenizer '%s', and only BERT's, DistilBERT's and MPNet's are known"
                  .formatted(name.isEmpty() ? type : name),
              null);
    };
  }

  private int id(String text) {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw TokenizerFile.refused(folder, "an added token has the id '" + text + "'", e);
    }
  }

  private static ObjectNode token(JsonNode token, boolean special) {
    ObjectNode written = JSON.createObjectNode();
    written.put("content", token.isTextual() ? token.asText() : token.path("content").asText());
    for (String flag : List.of("single_word", "lstrip", "rstrip")) {
      written.put(flag, token.path(flag).asBoolean());
    }
    boolean isSpecial = special || token.path("special").asBoolean();
    return written
        .put("normalized", token.path("normalized").asBoolean(!isSpecial))
        .put("special", isSpecial);
  }

  private void role(String role, String fallback) {
    JsonNode stated = settings.path(role);
    ObjectNode token =
        token(stated.isTextual() || stated.isObject() ? stated : settings.textNode(fallback), true);
    if (role.equals("mask_token") && family.equals(MPNET) && !stated.isObject()) {
      token.put("lstrip", true); // MPNet's mask takes the space before it along
    }
    String content = token.path("content").asText();
    roles.put(role, content);
    if (idOf(content) < 0) {
      throw TokenizerFile.refused(
          folder,
          "%s should hold the %s '%s', and does not"
              .formatted(TokenizerFile.VOCABULARY, role, content),
          null);
    }
    add(token);
  }

  private void special(JsonNode token) {
    add(token(token, true));
  }

  /** Adds a token; what the settings list by id already stays as it is there, but is special. */
  private void add(ObjectNode token) {
    int id = idOf(token.path("content").asText());
    if (id < 0) {
      id = Math.max(vocabulary.size(), added.isEmpty() ? 0 : added.lastKey() + 1);
    }
    ObjectNode present = added.putIfAbsent(id, token);
    if (present != null && !present.path("special").asBoolean()) {
      added.put(id, token);
    }
  }

  private int idOf(String content) {
    for (Map.Entry<Integer, ObjectNode> token : added.entrySet()) {
      if (token.getValue().path("content").asText().equals(content)) {
        return token.getKey();
      }
    }
    return vocabulary.getOrDefault(content, -1);
  }

  private ObjectNode json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode tokens = root.putArray("added_tokens");
    added.forEach((id, token) -> tokens.addObject().put("id", id).setAll(token));
    ObjectNode normalizer = root.putObject("normalizer").put("type", "BertNormalizer");
    normalizer.put("clean_text", true);
    normalizer.put("handle_chinese_chars", settings.path("tokenize_chinese_chars").asBoolean(true));
    JsonNode accents = settings.path("strip_accents");
    normalizer.set("strip_accents", accents.isBoolean() ? accents : JSON.nullNode());
    normalizer.put("lowercase", settings.path("do_lower_case").asBoolean(true));
    root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    root.set("post_processor", template());
    root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
    ObjectNode model = root.putObject("model").put("type", "WordPiece");
    model.put("unk_token", roles.get("unk_token"));
    model.put("continuing_subword_prefix", "##").put("max_input_chars_per_word", 100);
    ObjectNode vocab = model.putObject("vocab");
    vocabulary.forEach(vocab::put);
    return root;
  }

  private ObjectNode template() {
    ObjectNode template = JSON.createObjectNode().put("type", "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    marker(single, "cls_token", 0);
    sequence(single, "A", 0);
    marker(single, "sep_token", 0);
    ArrayNode pair = template.putArray("pair");
    pair.addAll(single.deepCopy());
    if (family.equals(MPNET)) {
      marker(pair, "sep_token", 0);
    }
    sequence(pair, "B", 1);
    marker(pair, "sep_token", 1);
    ObjectNode specials = template.putObject("special_tokens");
    for (String role : List.of("cls_token", "sep_token")) {
      String content = roles.get(role);
      ObjectNode special = specials.putObject(content).put("id", content);
      special.putArray("ids").add(idOf(content));
      special.putArray("tokens").add(content);
    }
    return template;
  }

  private void marker(ArrayNode sequence, String role, int type) {
    ObjectNode token = sequence.addObject().putObject("SpecialToken");
    token.put("id", roles.get(role)).put("type_id", type);
  }

  private static void sequence(ArrayNode sequence, String name, int type) {
    sequence.addObject().putObject("Sequence").put("id", name).put("type_id", type);
  }
}
