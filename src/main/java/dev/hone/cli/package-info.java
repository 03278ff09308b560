/** The command line: arguments to a configuration, one command each, exceptions to exit codes. */
package dev.hone.cli;
