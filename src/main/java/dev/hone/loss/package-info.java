/**
 * The losses, as pure functions of tensors. Uses {@code ai.djl.ndarray} and nothing else; what a
 * loss knows about ids and texts is worked out in Java before a tensor exists.
 */
package dev.hone.loss;
