package dev.hone.text;

/**
 * Two texts that a model sees together.
 *
 * @param first the query
 * @param second the document
 */
public record TextPair(String first, String second) {}
