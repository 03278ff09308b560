/**
 * The workspace: where attempts write, how a step is committed by one create, what a run consists
 * of, and which tries are alive. Uses Hadoop's FileSystem; knows no Spark.
 */
package dev.hone.store;
