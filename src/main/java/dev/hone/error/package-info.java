/** Failures that a user can act on, each with the exit code of the process. Uses nothing. */
package dev.hone.error;
