/**
 * Finds out whether this machine, its Spark and its storage can do what the other commands ask of
 * them, and says how to mend what cannot.
 */
package dev.hone.doctor;
