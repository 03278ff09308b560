/**
 * How a step of the chain runs: what its result depends on, whether that is published already, and
 * what an attempt writes. Uses table and store.
 */
package dev.hone.pipeline;
