package dev.hone.text;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

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

  /**
   * Reads a model's tokenizer.json.
   *
   * @throws HoneException if the file cannot be read
   */
  public static TokenizerSpec of(Path tokenizerJson, int maxLength, Prompts prompts) {
    try {
      return new TokenizerSpec(
          Files.readString(tokenizerJson), maxLength, prompts.query(), prompts.document());
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot read the tokenizer %s: %s. Save the model's fast tokenizer again with tokenizer.save_pretrained."
              .formatted(tokenizerJson, e.getMessage()),
          e);
    }
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
