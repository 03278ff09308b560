/**
 * The tables that Hone publishes: their declared schemas, how a step's rows are written and read,
 * and the SQL statements that register them in any Spark. Uses Spark SQL only.
 */
package dev.hone.table;
