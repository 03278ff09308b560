/** Texts to vectors on Spark: each distinct text once per model and role, published as a table. */
package dev.hone.encode;
