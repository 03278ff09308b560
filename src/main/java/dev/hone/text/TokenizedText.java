package dev.hone.text;

/**
 * One text as token ids.
 *
 * @param ids special tokens included, padding not
 * @param truncated whether the text had more tokens than the maximum length
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way into a tensor, never compared
public record TokenizedText(long[] ids, boolean truncated) {}
