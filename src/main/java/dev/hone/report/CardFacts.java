package dev.hone.report;

import java.util.List;

/**
 * What a model card says that no table knows.
 *
 * @param modelName the tuned model's name
 * @param baseModel the base model's name on the Hugging Face hub, or its folder's name
 * @param license the model's licence as the hub spells it (SPDX, lower case); empty where unknown
 * @param citation how the base model asks to be cited; empty where it does not
 * @param dimension dimensions of an embedding
 * @param maxTokens longest text in tokens, special tokens included
 * @param queryPrompt put before queries; empty where there is none
 * @param documentPrompt put before documents; empty where there is none
 * @param languages codes of the languages trained on; empty where unknown
 */
public record CardFacts(
    String modelName,
    String baseModel,
    String license,
    String citation,
    int dimension,
    int maxTokens,
    String queryPrompt,
    String documentPrompt,
    List<String> languages) {

  /** Checks the sizes and copies the list. */
  public CardFacts {
    if (dimension < 1 || maxTokens < 1) {
      throw new IllegalArgumentException(
          "Model card: dimension " + dimension + " and maxTokens " + maxTokens + " must be >= 1");
    }
    languages = List.copyOf(languages);
  }
}
