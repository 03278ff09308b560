package dev.hone.torch;

/**
 * Vectors of texts, in the texts' order.
 *
 * @param vectors [texts, dimension]
 * @param truncated for each text, whether the maximum length cut it
 */
@SuppressWarnings("ArrayRecordComponent") // carries vectors, never compared as a whole
public record EncodedTexts(float[][] vectors, boolean[] truncated) {}
