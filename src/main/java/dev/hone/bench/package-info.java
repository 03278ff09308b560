/**
 * The benchmarks of this repository: what a step costs at which size. They make their own data and
 * leave nothing behind.
 */
package dev.hone.bench;
