/**
 * Search over the documents of many data sets at once, shard by shard and block by block, each on
 * the executor that has time; results do not depend on how documents are divided.
 */
package dev.hone.search.spark;
