/** Training on Spark: the batch plan as a table, and the barrier stage in which a rank trains. */
package dev.hone.cluster;
