package dev.hone.model;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.LocalCache;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** Finds the folder behind the configuration's {@code model}. */
public final class ModelSource {
  private static final Pattern HUB_ID = Pattern.compile("[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*");
  private static final Pattern REMOTE = Pattern.compile("(?!(?i)file:)[A-Za-z][A-Za-z0-9+.-]+:/.*");

  private ModelSource() {}

  /**
   * Resolves a model.
   *
   * @param model {@code builtin:NAME}, a folder of this machine, or a folder's URI on HDFS or S3A
   * @param cache where a builtin model is unpacked and a remote folder is copied to, once
   * @param hadoop how remote folders are reached
   * @throws HoneException if there is no such model, and the message says how to get one; or if it
   *     is a cross-encoder
   */
  public static ModelFolder resolve(String model, LocalCache cache, Configuration hadoop) {
    if (model.startsWith(BuiltinModel.PREFIX)) {
      return BuiltinModel.named(model).folder(cache);
    }
    Path folder = locate(model, cache, hadoop);
    if (CrossEncoderFolder.isIn(folder)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot take vectors from the model %s: it is a cross-encoder, which scores pairs of texts. Name an encoder; mine.filter-scorer takes the cross-encoder."
              .formatted(model));
    }
    return open(model, folder, ModelFolder::open);
  }

  /**
   * Whether a model is a cross-encoder, which scores pairs of texts.
   *
   * @param model as for {@link #resolve}
   * @throws HoneException if there is no such model
   */
  public static boolean isCrossEncoder(String model, LocalCache cache, Configuration hadoop) {
    return !model.startsWith(BuiltinModel.PREFIX)
        && CrossEncoderFolder.isIn(locate(model, cache, hadoop));
  }

  /**
   * Resolves a cross-encoder.
   *
   * @param model a folder of this machine, or a folder's URI on HDFS or S3A
   * @throws HoneException if there is none, or something in it is not known
   */
  public static CrossEncoderFolder crossEncoder(
      String model, LocalCache cache, Configuration hadoop) {
    return open(model, locate(model, cache, hadoop), CrossEncoderFolder::open);
  }

  private static Path locate(String model, LocalCache cache, Configuration hadoop) {
    return isLocal(model) ? local(model) : RemoteModel.copy(model, cache, hadoop);
  }

  private static <T> T open(String model, Path folder, Function<Path, T> reader) {
    try {
      return reader.apply(folder);
    } catch (HoneException e) {
      if (isLocal(model)) {
        throw e;
      }
      throw new HoneException(
          e.code(), "%s (%s is a copy of %s.)".formatted(e.getMessage(), folder, model), e);
    }
  }

  /** Whether a model is a folder of this machine. */
  static boolean isLocal(String model) {
    return !model.startsWith(BuiltinModel.PREFIX) && !REMOTE.matcher(model).matches();
  }

  private static Path local(String model) {
    Path folder;
    try {
      folder = Path.of(model.replaceFirst("^(?i)file:/*", "/"));
    } catch (InvalidPathException e) {
      throw missing(
          model,
          e.getReason() + ". Where the name has letters beyond ASCII, set LC_ALL=C.UTF-8.",
          e);
    }
    if (Files.isDirectory(folder)) {
      return folder;
    }
    if (HUB_ID.matcher(model).matches()) {
      String name = model.substring(model.indexOf('/') + 1);
      throw missing(
          model,
          "If it is an id of the Hugging Face hub, download it first: hf download %s --local-dir models/%s, then set model = \"models/%s\"."
              .formatted(model, name, name),
          null);
    }
    throw missing(
        model,
        "%sSet model to %s, or to an existing folder with config.json, model.safetensors and tokenizer.json. On a cluster, a local folder must lie at the same path on every host; s3a:// and hdfs:// need not."
            .formatted(Files.exists(folder) ? "It is a file. " : "", BuiltinModel.ALL.get(0).id()),
        null);
  }

  private static HoneException missing(String model, String why, Exception cause) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot find the model folder %s. %s".formatted(model, why),
        cause);
  }
}
