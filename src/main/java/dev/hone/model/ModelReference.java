package dev.hone.model;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.LocalCache;
import java.io.Serializable;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/**
 * Which model a process of another host is to use: small enough to travel, and sure to be the same
 * model there.
 *
 * @param model {@code builtin:NAME}, an absolute local folder, or a folder's URI
 * @param digest what {@link ModelFolder#digest()} is where the reference was made
 */
public record ModelReference(String model, String digest) implements Serializable {

  /**
   * A reference to a model that this process has resolved.
   *
   * @param model as the configuration names it
   */
  public static ModelReference to(String model, ModelFolder resolved) {
    return to(model, resolved.path(), resolved.digest());
  }

  /**
   * A reference to a cross-encoder that this process has resolved.
   *
   * @param model as the configuration names it
   */
  public static ModelReference to(String model, CrossEncoderFolder resolved) {
    return to(model, resolved.path(), resolved.digest());
  }

  private static ModelReference to(String model, Path path, String digest) {
    return new ModelReference(
        ModelSource.isLocal(model) ? path.toAbsolutePath().toString() : model, digest);
  }

  /**
   * Finds the model on this host.
   *
   * @throws HoneException if it is not there, or is another one
   */
  public ModelFolder resolve(LocalCache cache, Configuration hadoop) {
    ModelFolder folder = ModelSource.resolve(model, cache, hadoop);
    requireSame(folder.digest());
    return folder;
  }

  /**
   * Finds the cross-encoder on this host.
   *
   * @throws HoneException if it is not there, or is another one
   */
  public CrossEncoderFolder resolveCrossEncoder(LocalCache cache, Configuration hadoop) {
    CrossEncoderFolder folder = ModelSource.crossEncoder(model, cache, hadoop);
    requireSame(folder.digest());
    return folder;
  }

  private void requireSame(String found) {
    if (!found.equals(digest)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot use the model %s on this host: its digest should be %s, as where the command started, found %s. Copy the same folder to every host, or put it where all see one: s3a:// or hdfs://."
              .formatted(model, digest, found));
    }
  }
}
