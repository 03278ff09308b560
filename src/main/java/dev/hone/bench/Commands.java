package dev.hone.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of contestants. */
final class Commands {
  private static final String PYTHON_CACHE = "HONE_PYTHON_CACHE";
  private static final Path CHECKS = Path.of("src", "test", "python");

  private Commands() {}

  /** Another JVM like this one: its class path, its open modules and its log's form. */
  static List<String> java(Class<?> main, String... arguments) {
    return java("1g", main, arguments);
  }

  /** The same with a heap of a size. */
  static List<String> java(String heap, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            argument ->
                argument.startsWith("--add-") || argument.startsWith("-Dlog4j2.configurationFile"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * The Python of an environment that {@code src/test/python/install.sh} makes, with a script.
   *
   * @param name of the script, from the folder of that {@code install.sh}
   * @throws IOException if there is none; the message says how to get it
   */
  static List<String> python(String environment, String name) throws IOException {
    String cache = System.getenv(PYTHON_CACHE);
    Path folder =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache", "hone-python")
            : Path.of(cache);
    Path python = folder.resolve(environment).resolve("bin").resolve("python");
    Path checks = root().resolve(CHECKS);
    Path script = checks.resolve(name);
    if (!Files.isRegularFile(script)) {
      throw new IOException(script + " is missing: run it from a checkout");
    }
    if (!Files.isExecutable(python)) {
      throw new IOException(
          "%s is missing: run %s %s".formatted(python, checks.resolve("install.sh"), environment));
    }
    return List.of(python.toString(), script.toString());
  }

  /** The checkout: hone.jar and the classes lie in its target. */
  private static Path root() throws IOException {
    try {
      URI code = Commands.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      return Path.of(code).getParent().getParent();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
