package dev.hone.doctor;

/**
 * An executor as Spark's driver knows it.
 *
 * @param place its id and host
 * @param cores how many of Spark's cores it has
 */
record Executor(Place place, int cores) {}
