/**
 * Where records come from: Spark's data sources, TREC's files and archives, each record with the
 * file and the place it came from.
 */
package dev.hone.normalize.source;
