package dev.hone.search;

import java.util.List;

/**
 * A document to index.
 *
 * @param id unique within its collection
 * @param parentId the document that it is a chunk of; else its own id
 * @param texts the text of each field, in the order of the configuration's fields; may be empty
 */
public record TextDocument(String id, String parentId, List<String> texts) {
  /** Copies the list. */
  public TextDocument {
    texts = List.copyOf(texts);
  }
}
