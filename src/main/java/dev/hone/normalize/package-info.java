/**
 * Sources to the normal form: the six types of data become documents, queries, judgements and
 * scored pairs, with what was refused and what was checked beside them.
 */
package dev.hone.normalize;
