package dev.hone.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model folder's own card (README.md) says that a model tuned from it has to repeat.
 *
 * @param name the model's name on the Hugging Face hub; empty where the card does not say
 * @param license its licence as the hub spells it; empty where the card does not say
 * @param citation how it asks to be cited, BibTeX; empty where it does not
 */
public record BaseCard(String name, String license, String citation) {
  static final String FILE = "README.md";
  private static final Pattern FRONT = Pattern.compile("\\A---\\R(.*?)\\R---\\R", Pattern.DOTALL);
  private static final Pattern LICENSE =
      Pattern.compile("^license:\\s*['\"]?([A-Za-z0-9.+-]+)['\"]?\\s*$", Pattern.MULTILINE);
  private static final Pattern NAME =
      Pattern.compile("^model_name:\\s*['\"]?([\\w.-]+/[\\w.-]+)['\"]?\\s*$", Pattern.MULTILINE);
  private static final Pattern CITATION =
      Pattern.compile("^```\\w*\\R\\s*(@\\w+\\{.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

  /**
   * Reads the card of a folder; one that is missing says nothing.
   *
   * @throws IOException if there is one that cannot be read
   */
  public static BaseCard of(ModelFolder folder) throws IOException {
    Path file = folder.path().resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new BaseCard("", "", "");
    }
    String text = Files.readString(file);
    String front = first(FRONT, text);
    return new BaseCard(first(NAME, front), first(LICENSE, front), first(CITATION, text).strip());
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }
}
