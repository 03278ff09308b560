/**
 * Search within one process: a BM25 index on local disk, exact dense top-k, and the order in which
 * results stand. Knows no Spark.
 */
package dev.hone.search;
