package dev.hone.text;

import java.io.Serializable;

/**
 * How a model sees texts, in a form that travels to an executor.
 *
 * @param json the content of the model's tokenizer.json
 * @param maxLength the most tokens of a text, special tokens and prompt included
 * @param queryPrompt put before queries
 * @param documentPrompt put before documents
 */
public record TokenizerSpec(String json, int maxLength, String queryPrompt, String documentPrompt)
    implements Serializable {

  /** A spec for the content of a tokenizer.json. */
  public static TokenizerSpec of(String json, int maxLength, Prompts prompts) {
    return new TokenizerSpec(json, maxLength, prompts.query(), prompts.document());
  }

  /** Loads the tokenizer in this process. */
  public TextTokenizer open() {
    return TextTokenizer.open(json, maxLength);
  }

  /** What is put before texts, and before which. */
  public Prompts prompts() {
    return new Prompts(queryPrompt, documentPrompt);
  }
}
