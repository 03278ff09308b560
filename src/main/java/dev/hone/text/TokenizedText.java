package dev.hone.text;

/**
 * One text as token ids.
 *
 * @param ids special tokens included, padding not
 * @param truncated whether the text had more tokens than the maximum length
 * @param unpooled how many tokens at its beginning are left out of the pooling: a prompt's, for
 *     models that say so
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way into a tensor, never compared
public record TokenizedText(long[] ids, boolean truncated, int unpooled) {}
