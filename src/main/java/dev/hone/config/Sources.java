package dev.hone.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Where raw configuration comes from: a file, the demo's resource, and {@code --set}. */
final class Sources {
  private static final String ROOT = "hone";
  private static final String DEMO = "dev/hone/config/demo.conf";

  private Sources() {}

  /** No configuration at all. */
  static Config nothing() {
    return ConfigFactory.empty();
  }

  /**
   * A HOCON file, environment variables substituted.
   *
   * @throws HoneException if the file is missing or is not HOCON
   */
  static Config file(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot read the configuration "
              + file
              + ", because there is no such file (from "
              + Path.of("").toAbsolutePath()
              + "). Pass --config FILE, a HOCON file; conf/example.conf shows one.");
    }
    return readable(
        () -> {
          ConfigParseOptions options =
              ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF);
          return ConfigFactory.parseFile(file.toFile(), options).resolve();
        },
        file.toString());
  }

  /** The demo's configuration. */
  static Config demo() {
    return readable(
        () ->
            ConfigFactory.parseResources(
                    Sources.class.getClassLoader(),
                    DEMO,
                    ConfigParseOptions.defaults().setAllowMissing(false))
                .resolve(),
        DEMO);
  }

  /**
   * The value of {@code --set}, {@code key=value}. A value for a key that takes a text is taken as
   * it is; others are HOCON.
   */
  static Config set(String assignment, Problems problems) {
    int equals = assignment.indexOf('=');
    if (equals <= 0) {
      problems.add(
          null,
          "--set "
              + Secrets.masked(assignment)
              + " assigns nothing, but must be --set key=value, such as --set train.scale=20");
      return nothing();
    }
    String written = assignment.substring(0, equals).strip();
    String value = assignment.substring(equals + 1).strip();
    String key = written.startsWith(ROOT + ".") ? written : ROOT + "." + written;
    String origin = "--set " + written;
    try {
      return takesText(key) && !value.startsWith("\"")
          ? nothing().withValue(key, ConfigValueFactory.fromAnyRef(value, origin))
          : ConfigFactory.parseString(
                  key + " = " + value, ConfigParseOptions.defaults().setOriginDescription(origin))
              .resolve();
    } catch (ConfigException e) {
      problems.add(
          null,
          origin
              + " cannot be read as HOCON"
              + (Secrets.isSecret(written) ? "" : ": " + Secrets.masked(value))
              + "; put a text in double quotes");
      return nothing();
    }
  }

  private static boolean takesText(String key) {
    return Keys.all().stream()
        .anyMatch(known -> known.isText() && key.equals(ROOT + "." + known.path()));
  }

  private static Config readable(Supplier<Config> parse, String where) {
    try {
      return parse.get();
    } catch (ConfigException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot read the configuration " + where + ": " + Secrets.masked(e.getMessage()),
          e);
    }
  }
}
