package dev.hone.model;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.LocalCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Finds the folder behind the configuration's {@code model}. */
public final class ModelSource {
  private static final Pattern HUB_ID = Pattern.compile("[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*");

  private ModelSource() {}

  /**
   * Resolves a model.
   *
   * @param model {@code builtin:NAME} or a folder of this machine
   * @param cache where a builtin model is unpacked once
   * @throws HoneException if there is no such model; the message says how to get one
   */
  public static ModelFolder resolve(String model, LocalCache cache) {
    if (model.startsWith(BuiltinModel.PREFIX)) {
      return BuiltinModel.named(model).folder(cache);
    }
    Path folder = Path.of(model.startsWith("file:") ? model.replaceFirst("^file:/*", "/") : model);
    if (Files.isDirectory(folder)) {
      return ModelFolder.open(folder);
    }
    if (HUB_ID.matcher(model).matches()) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot find the model folder %s. If it is an id of the Hugging Face hub, download it first: hf download %s --local-dir models/%s, then set model = \"models/%s\"."
              .formatted(
                  model,
                  model,
                  model.substring(model.indexOf('/') + 1),
                  model.substring(model.indexOf('/') + 1)));
    }
    throw new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot find the model folder %s. Set model to %s, or to an existing folder with config.json, model.safetensors and tokenizer.json."
            .formatted(model, BuiltinModel.MINILM.id()));
  }
}
