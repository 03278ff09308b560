/**
 * The configuration of a run: one declared list of keys, immutable records, a loader that reports
 * all problems at once, and the texts that explain the keys. Uses Typesafe Config alone.
 */
package dev.hone.config;
