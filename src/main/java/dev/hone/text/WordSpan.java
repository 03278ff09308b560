package dev.hone.text;

/**
 * A piece of a text that a tokenizer does not cut apart, or one token of a piece that it cuts into
 * many.
 *
 * @param start index of its first UTF-16 unit in the text
 * @param end index after its last one
 * @param tokens how many tokens it becomes, at least 1
 */
record WordSpan(int start, int end, int tokens) {}
