/**
 * Hard negatives: candidates of each miner, the filters that keep false negatives out, and the
 * choice among what is left.
 */
package dev.hone.mine;
