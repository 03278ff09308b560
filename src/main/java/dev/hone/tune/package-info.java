/**
 * Looks for the best settings of a run: trials, rungs, and the configuration that came out best.
 */
package dev.hone.tune;
