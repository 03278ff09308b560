package dev.hone.config;

/**
 * Two texts whose nearness tells the user something about a model.
 *
 * @param textA encoded as a query
 * @param textB encoded as a document
 */
public record ProbeConfig(String textA, String textB) {}
