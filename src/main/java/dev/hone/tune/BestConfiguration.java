package dev.hone.tune;

import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;

/** The file that {@code run} takes to train with the best settings again. */
public final class BestConfiguration {
  private static final String MARK = "# Written by hone tune.";

  private final Path file;

  /**
   * A file that is still to be written.
   *
   * @throws HoneException if there is a file of somebody else's, or no folder for it: a search
   *     takes too long to find that out at its end
   */
  public BestConfiguration(Path file) {
    this.file = file;
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isWritable(folder) || !Files.isDirectory(folder)) {
      throw unwritable(new NotDirectoryException(folder.toString()));
    }
    try {
      if (Files.exists(file) && !Files.readString(file, StandardCharsets.UTF_8).startsWith(MARK)) {
        throw new HoneException(
            ErrorCode.CONFIGURATION,
            "Cannot write the best configuration to %s: a file of another kind is there. Name another by --output."
                .formatted(file));
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * Writes it.
   *
   * @param description what the settings gave
   * @param configuration the file that was tuned
   * @param sets what goes over it, as {@code --set} takes it; a later one wins
   * @throws HoneException if it cannot be written
   */
  public void write(String description, Path configuration, List<String> sets) {
    try {
      Files.writeString(
          file,
          MARK + "\n# Best: " + description + "\n" + RunConfig.including(configuration, sets));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private HoneException unwritable(IOException cause) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot write the best configuration to %s: %s. Name a file in a folder that you may write by --output."
            .formatted(file, cause),
        cause);
  }
}
