package dev.hone.loss;

/**
 * What a guide makes of a text.
 *
 * @param values [d'], of any length; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way into a tensor, never compared
public record GuideVector(float[] values) {}
