package dev.hone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.LocalCache;
import dev.hone.text.TextTokenizer;
import dev.hone.text.TokenizerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tokenizer.json that a vocab.txt alone stands for, and tokenizers that do not fit. The ids are
 * those of AutoTokenizer on the same folders, in transformers 4.57.6 and 5.23.0 alike.
 */
class TokenizerFileTest {
  private static final List<String> WORDS =
      List.of(
          "a",
          "b",
          "##b",
          "c",
          "##c",
          "\u00e9",
          "e",
          "##e",
          "caf",
          "##e\u0301",
          "##\u00e9",
          "cafe",
          "CAF",
          "Ab",
          "ab",
          "\u65e5",
          "\u672c",
          "\u65e5\u672c",
          "##\u672c",
          "\ud83d\ude00",
          "!",
          "[",
          "]",
          "<",
          ">",
          "mask",
          "MASK",
          "\u00fc",
          "u",
          "##ber",
          "\u00dc",
          "extra",
          "i",
          "##\u0307",
          "fi",
          "\ufb01",
          "new");

  private static final List<String> TEXTS =
      List.of(
          "caf\u00e9 cafe\u0301 CAF\u00c9",
          "\u65e5\u672c a\u65e5\u672cb",
          "a\ud83d\ude00b \ud83d\ude00",
          "a\u0000b\u200bc\u0007 \ufeffa\ufffdb",
          "[MASK] a[MASK]b [mask] <mask> b<mask>c",
          "Ab AB ab",
          "\u00dcber \u00fcber U\u0308ber",
          "a\tb\nc\u00a0a\u2028b\u3000c",
          "",
          "a" + "b".repeat(100) + " abbb",
          "[extra] extra new [new] NEW a [new]b",
          "\u0130 I i\u0307 \ufb01",
          "a!!b [a] \u2026");

  @TempDir Path folder;

  @Test
  void uncasedBertIsTheDefault() throws IOException {
    bert("bert", "{}");
    expect(
        "2 16 16 16 3",
        "2 20 21 5 20 21 6 3",
        "2 1 24 3",
        "2 19 9 19 3",
        "2 4 5 4 6 26 30 27 28 30 29 6 28 30 29 8 3",
        "2 19 19 19 3",
        "2 33 34 33 34 33 34 3",
        "2 5 6 8 5 6 8 3",
        "2 3",
        "2 1 19 7 7 3",
        "2 26 36 27 36 41 26 41 27 41 5 26 41 27 6 3",
        "2 37 37 37 40 3",
        "2 5 25 25 6 26 5 27 1 3");
  }

  @Test
  void casedBertKeepsCaseAndAccents() throws IOException {
    bert("bert", "{\"tokenizer_class\": \"BertTokenizer\", \"do_lower_case\": false}");
    expect(
        "2 13 15 1 1 3",
        "2 20 21 5 20 21 6 3",
        "2 1 24 3",
        "2 19 9 19 3",
        "2 4 5 4 6 26 30 27 28 30 29 6 28 30 29 8 3",
        "2 18 1 19 3",
        "2 35 34 32 34 1 3",
        "2 5 6 8 5 6 8 3",
        "2 3",
        "2 1 19 7 7 3",
        "2 26 36 27 36 41 26 41 27 1 5 26 41 27 6 3",
        "2 1 1 37 38 40 3",
        "2 5 25 25 6 26 5 27 1 3");
  }

  @Test
  void everySettingAndAddedTokenCounts() throws IOException {
    bert(
        "distilbert",
        """
        {"tokenizer_class": "DistilBertTokenizerFast", "do_lower_case": true,
         "strip_accents": false, "tokenize_chinese_chars": false,
         "additional_special_tokens": ["[extra]"],
         "added_tokens_decoder": {
          "43": {"content": "[new]", "lstrip": true, "rstrip": false, "normalized": false,
                 "single_word": false, "special": true},
          "44": {"content": "NEW", "lstrip": false, "rstrip": false, "normalized": true,
                 "single_word": false, "special": false}}}
        """);
    expect(
        "2 13 15 1 13 15 3",
        "2 22 1 3",
        "2 1 24 3",
        "2 19 9 19 3",
        "2 4 5 4 6 26 30 27 28 30 29 6 28 30 29 8 3",
        "2 19 19 19 3",
        "2 32 34 32 34 1 3",
        "2 5 6 8 5 6 8 3",
        "2 3",
        "2 1 19 7 7 3",
        "2 42 36 44 43 44 5 43 6 3",
        "2 37 38 37 37 38 40 3",
        "2 5 25 25 6 26 5 27 1 3");
  }

  @Test
  void mpnetHasItsOwnMarkersAndMask() throws IOException {
    List<String> vocabulary = new ArrayList<>(List.of("<s>", "<pad>", "</s>", "<unk>", "[UNK]"));
    vocabulary.addAll(WORDS);
    vocabulary.add("<mask>");
    write("mpnet", "{\"tokenizer_class\": \"MPNetTokenizer\"}", vocabulary);
    expect(
        "0 16 16 16 2",
        "0 20 21 5 20 21 6 2",
        "0 4 24 2",
        "0 19 9 19 2",
        "0 26 30 27 5 26 30 27 6 26 30 27 42 6 42 8 2",
        "0 19 19 19 2",
        "0 33 34 33 34 33 34 2",
        "0 5 6 8 5 6 8 2",
        "0 2",
        "0 4 19 7 7 2",
        "0 26 36 27 36 41 26 41 27 41 5 26 41 27 6 2",
        "0 37 37 37 40 2",
        "0 5 25 25 6 26 5 27 4 2");
  }

  @Test
  void olderFilesNameAddedAndSpecialTokens() throws IOException {
    bert("bert", "{\"mask_token\": \"ignored\"}");
    Files.writeString(
        folder.resolve("special_tokens_map.json"),
        "{\"mask_token\": {\"content\": \"[MASK]\", \"lstrip\": true, \"normalized\": false}}");
    Files.writeString(folder.resolve("added_tokens.json"), "{\"newer\": 43}");
    assertThat(ids("a [MASK]b newer")).isEqualTo("2 5 4 6 43 3");
    assertThat(new ObjectMapper().readTree(TokenizerFile.in(folder).json()).path("added_tokens"))
        .anySatisfy(
            token -> {
              assertThat(token.path("content").asText()).isEqualTo("[MASK]");
              assertThat(token.path("lstrip").asBoolean()).isTrue();
            });
  }

  @Test
  void vocabularyOfAPublishedModelGivesItsPublishedTokenizer(@TempDir Path cache)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path published =
        ModelSource.resolve(
                "builtin:all-MiniLM-L6-v2", LocalCache.at(cache.resolve("c")), new Configuration())
            .path();
    for (String file : List.of("vocab.txt", "config.json", "tokenizer_config.json")) {
      Files.copy(published.resolve(file), folder.resolve(file));
    }
    assertThat(json.readTree(TokenizerFile.in(folder).json()))
        .isEqualTo(json.readTree(published.resolve("tokenizer.json").toFile()));
  }

  @Test
  void tokenizerJsonGoesFirst() throws IOException {
    bert("bert", "{}");
    Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {}}");
    assertThat(TokenizerFile.in(folder).json()).isEqualTo("{\"model\": {}}");
  }

  @Test
  void vocabularyWithoutASpecialTokenIsRefused() throws IOException {
    write("bert", "{}", List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a"));
    refused(() -> TokenizerFile.in(folder), "vocab.txt", "mask_token '[MASK]'", "AutoTokenizer");
  }

  @Test
  void vocabularyOfAnotherTokenizerIsRefusedByName() throws IOException {
    bert("bert", "{\"tokenizer_class\": \"BertJapaneseTokenizer\"}");
    refused(() -> TokenizerFile.in(folder), "'BertJapaneseTokenizer'", "AutoTokenizer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sentencepiece.bpe.model",
        "spiece.model",
        "tokenizer.model",
        "vocab.json",
        "merges.txt"
      })
  void otherTokenizersAreRefusedWithTheCommandThatConverts(String file) throws IOException {
    Files.writeString(folder.resolve(file), "");
    refused(
        () -> TokenizerFile.in(folder),
        "it has a " + file + " and no tokenizer.json",
        "AutoTokenizer",
        "save_pretrained",
        "'" + folder + "'");
  }

  @Test
  void folderWithoutTokenizerIsRefused() {
    refused(() -> TokenizerFile.in(folder), "neither tokenizer.json nor vocab.txt");
  }

  @Test
  void idsBeyondTheEmbeddingAreRefused() throws IOException {
    bert("bert", "{}");
    TokenizerFile file = TokenizerFile.in(folder);
    file.requireIdsBelow(43, "embeddings.word_embeddings.weight");
    refused(
        () -> file.requireIdsBelow(42, "embeddings.word_embeddings.weight"),
        "token '[extra]' with the id 42",
        "embeddings.word_embeddings.weight has 42 rows");
  }

  @Test
  void idsOfUnigramAndAddedTokensCountToo() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(
        file, "{\"model\": {\"vocab\": [[\"<s>\", 0.0], [\"x\", -1.5]]}, \"added_tokens\": []}");
    refused(() -> TokenizerFile.in(folder).requireIdsBelow(1, "w"), "'x' with the id 1");
    Files.writeString(
        file,
        "{\"model\": {\"vocab\": {\"x\": 0}}, \"added_tokens\": [{\"id\": 7, \"content\": \"y\"}]}");
    TokenizerFile.in(folder).requireIdsBelow(8, "w");
    refused(() -> TokenizerFile.in(folder).requireIdsBelow(7, "w"), "'y' with the id 7");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    refused(() -> TokenizerFile.in(folder), "tokenizer.json", "git lfs pull");
    Files.writeString(file, "[");
    refused(() -> TokenizerFile.in(folder).requireIdsBelow(7, "w"), "not JSON");
    Files.writeString(file, "{}");
    refused(() -> TokenizerFile.in(folder).requireIdsBelow(7, "w"), "lists no tokens");
  }

  private void bert(String type, String settings) throws IOException {
    List<String> vocabulary =
        new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    vocabulary.addAll(WORDS);
    vocabulary.add("[extra]");
    write(type, settings, vocabulary);
  }

  private void write(String type, String settings, List<String> vocabulary) throws IOException {
    ObjectNode config = new ObjectMapper().createObjectNode().put("model_type", type);
    Files.writeString(folder.resolve("config.json"), config.toString());
    Files.writeString(folder.resolve("tokenizer_config.json"), settings);
    Files.write(folder.resolve("vocab.txt"), vocabulary);
  }

  private void expect(String... ids) {
    for (int i = 0; i < ids.length; i++) {
      assertThat(ids(TEXTS.get(i))).as(TEXTS.get(i)).isEqualTo(ids[i]);
    }
    assertThat(ids).hasSameSizeAs(TEXTS);
  }

  private String ids(String text) {
    TokenizerSpec spec = new TokenizerSpec(TokenizerFile.in(folder).json(), 512, "", "");
    try (TextTokenizer tokenizer = spec.open()) {
      return Arrays.stream(tokenizer.tokenize(List.of(text)).get(0).ids())
          .mapToObj(String::valueOf)
          .collect(Collectors.joining(" "));
    }
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContainingAll(parts);
  }
}
