package dev.hone.search;

/**
 * A document to index.
 *
 * @param id unique within the index
 * @param text title and text in one; may be empty
 */
public record TextDocument(String id, String text) {}
