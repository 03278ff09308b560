package dev.hone.text;

import java.io.Serializable;
import java.util.Objects;

/**
 * The texts that a model wants in front of its input.
 *
 * @param query put before queries; empty for none
 * @param document put before documents; empty for none
 */
public record Prompts(String query, String document) implements Serializable {
  /** No prompt on either side. */
  public static final Prompts NONE = new Prompts("", "");

  /** Refuses null: an absent prompt is the empty text. */
  public Prompts {
    Objects.requireNonNull(query, "query prompt");
    Objects.requireNonNull(document, "document prompt");
  }

  /** The text as the model wants to see it. */
  public String apply(TextRole role, String text) {
    return switch (role) {
      case QUERY -> query + text;
      case DOCUMENT -> document + text;
    };
  }
}
