package dev.hone.torch;

import dev.hone.model.Pooling;
import dev.hone.text.TextRole;

/** The models that come with Hone, as their authors' model cards say that they are used. */
enum PublishedModel {
  MINILM("all-MiniLM-L6-v2", 6, Pooling.MEAN, 256, "", ""),
  BGE(
      "bge-small-en-v1.5",
      12,
      Pooling.CLS,
      512,
      "Represent this sentence for searching relevant passages: ",
      ""),
  E5("e5-small-v2", 12, Pooling.MEAN, 512, "query: ", "passage: ");

  private final String published;
  private final int layers;
  private final Pooling pooling;
  private final int maxLength;
  private final String queryPrompt;
  private final String documentPrompt;

  PublishedModel(
      String published,
      int layers,
      Pooling pooling,
      int maxLength,
      String queryPrompt,
      String documentPrompt) {
    this.published = published;
    this.layers = layers;
    this.pooling = pooling;
    this.maxLength = maxLength;
    this.queryPrompt = queryPrompt;
    this.documentPrompt = documentPrompt;
  }

  /** Its name in a configuration. */
  String id() {
    return "builtin:" + published;
  }

  int layers() {
    return layers;
  }

  Pooling pooling() {
    return pooling;
  }

  int maxLength() {
    return maxLength;
  }

  String prompt(TextRole role) {
    return role == TextRole.QUERY ? queryPrompt : documentPrompt;
  }
}
