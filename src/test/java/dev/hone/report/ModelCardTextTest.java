package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelCardTextTest {
  private static final CardFacts FACTS =
      new CardFacts(
          "all-MiniLM-L6-v2-hone",
          "sentence-transformers/all-MiniLM-L6-v2",
          "apache-2.0",
          "@inproceedings{reimers-2019-sentence-bert,\n  title = \"Sentence-BERT\"\n}",
          384,
          256,
          "query: ",
          "passage: ",
          List.of("en"));

  @Test
  void frontMatterIsLaidOutAsTheHubReadsIt() {
    String card = ModelCardText.render(FACTS, Samples.trained());

    assertThat(card)
        .startsWith("---\nlanguage:\n- \"en\"\ntags:\n- \"sentence-transformers\"\n")
        .contains("\nbase_model: \"sentence-transformers/all-MiniLM-L6-v2\"\n")
        .contains("\ndatasets:\n- \"biomedical\"\n- \"finance\"\n- \"healthcare\"\n")
        .contains("\npipeline_tag: sentence-similarity\nlibrary_name: sentence-transformers\n")
        .contains("\nlicense: \"apache-2.0\"\n")
        .contains(
            """
            model-index:
            - name: "all-MiniLM-L6-v2-hone"
              results:
              - task:
                  type: information-retrieval
                  name: Information Retrieval
                dataset:
                  name: "biomedical"
                  type: "biomedical"
                  split: "test"
                metrics:
                - type: "cosine_map@10"
                  value: 0.431800
                  name: "Cosine MAP@10"
            """)
        .contains("    - type: \"cosine_ndcg@10\"\n      value: 0.478900\n");
  }

  @Test
  void bodyTellsDataTrainingMetricsAndLoading() {
    String card = ModelCardText.render(FACTS, Samples.trainedOnAllBut("legal"));

    assertThat(card)
        .contains("| healthcare | pairs | healthcare | 2,742 | train | 2,968 | 3,120 |  |")
        .contains("| test | 371 | 391 | above 7\u201315\u00a0% |")
        .contains("| learning-rate | 2e-05 |")
        .contains(
            "| biomedical | NDCG@10 | 371 | 0.4127 [0.389, 0.437] | 0.4789 [0.455, 0.503]"
                + " | +16.0\u00a0% | 0.2931 [0.269, 0.317] |")
        .contains("SentenceTransformer(")
        .contains("| query | query: |")
        .contains("```bibtex\n@inproceedings{reimers-2019-sentence-bert,");
    assertThat(card).doesNotContain("| legal | pairs |");
  }

  @Test
  void namesOfAnyKindStayOneScalarInFrontMatter() throws Exception {
    String odd = "a: \"b\"\\ #c\n---\n- \u0007\u2028\u0085 \uD83D\uDE00 {x} ${y} | `z`";
    CardFacts facts = new CardFacts(odd, odd, odd, odd, 384, 256, odd, odd, List.of(odd));
    List<String> lines = ModelCardText.render(facts, Samples.everywhere(odd)).lines().toList();

    int end = lines.subList(1, lines.size()).indexOf("---") + 1;
    assertThat(lines.get(0)).isEqualTo("---");
    ObjectMapper json = new ObjectMapper();
    int scalars = 0;
    for (String line : lines.subList(1, end)) {
      assertThat(line).matches("( *)(- )?(([a-z_-]+:)( (\".*\"|[\\w .-]+))?|\".*\")");
      int quote = line.indexOf('"');
      if (quote >= 0 && line.contains("u0007")) {
        // A YAML double-quoted scalar with JSON's escapes alone reads the same as JSON.
        assertThat(json.readValue(line.substring(quote), String.class)).contains(odd);
        scalars++;
      }
    }
    assertThat(scalars).isGreaterThanOrEqualTo(7);
    assertThat(lines.get(end)).isEqualTo("---");
  }

  @Test
  void textFromDataIsPlainInTheBody() {
    String card =
        ModelCardText.render(FACTS, Samples.everywhere("<img src=x> [a](http://b) | *c*"));
    String body = card.substring(card.indexOf("\n---\n", 4));

    assertThat(body)
        .doesNotContain("<img")
        .doesNotContain("[a](")
        .doesNotContain("http://b")
        .contains("&lt;img src=x&gt; \\[a\\]\\(http&#58;//b\\) \\| \\*c\\*");
  }

  @Test
  void aCitationCannotCloseItsFence() {
    CardFacts facts =
        new CardFacts("m", "b", "", "@misc{x}\n```\n<b>out</b>", 384, 256, "", "", List.of());

    assertThat(ModelCardText.render(facts, Samples.trained()))
        .contains("````bibtex\n@misc{x}\n```\n<b>out</b>\n````\n")
        .contains("licence is not recorded")
        .doesNotContain("\nlicense:");
  }

  @Test
  void withoutTrainingThereIsNoModelIndex() {
    String card = ModelCardText.render(FACTS, Samples.untrained());

    assertThat(card).doesNotContain("model-index").doesNotContain("loss:").doesNotContain("NaN");
  }
}
