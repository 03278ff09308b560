/** Search over the documents of many data sets at once, one task per data set. */
package dev.hone.search.spark;
