package dev.hone.config;

/**
 * A model that is measured beside the run's own, with its own prompts and length.
 *
 * @param name what tables call it
 * @param path {@code builtin:NAME} or a model folder
 */
public record OtherModel(String name, String path) {
  /** Refuses values out of range. */
  public OtherModel {
    Keys.OTHER_MODEL_NAME.check(name);
    Keys.OTHER_MODEL_PATH.check(path);
  }
}
