package dev.hone.store;

/**
 * A file of a {@link RemoteFolder}, as its store lists it.
 *
 * @param path relative to the folder
 * @param size in bytes
 * @param version the entity tag, or the time of the last change where the store has none
 */
public record RemoteFile(String path, long size, String version) {}
