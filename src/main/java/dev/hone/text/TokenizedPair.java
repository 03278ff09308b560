package dev.hone.text;

/**
 * Two texts as the token ids of one input.
 *
 * @param ids special tokens included, padding not
 * @param types for each token 0 or 1, as the tokenizer says which text it belongs to
 * @param truncated whether the texts had more tokens than the maximum length
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way into a tensor, never compared
public record TokenizedPair(long[] ids, long[] types, boolean truncated) {}
