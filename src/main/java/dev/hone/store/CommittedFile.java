package dev.hone.store;

/**
 * One file of a commit.
 *
 * @param path relative to the folder of its table or artifact
 * @param size in bytes
 * @param sha256 of its content, lower-case hexadecimal
 */
public record CommittedFile(String path, long size, String sha256) {}
