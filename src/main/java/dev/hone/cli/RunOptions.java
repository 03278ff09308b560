package dev.hone.cli;

import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.IfRunning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that every command on a run has. */
final class RunOptions {
  @Option(names = "--config", paramLabel = "FILE", description = "HOCON file of the run")
  private Path config;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "one configuration key")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--workspace", paramLabel = "DIR", description = "where everything is kept")
  private String workspace;

  @Option(
      names = "--if-running",
      paramLabel = "wait|exit|proceed",
      defaultValue = "wait",
      description = "what to do where the same run is at work (default: ${DEFAULT-VALUE})")
  private IfRunning ifRunning;

  @Option(names = "--verbose", description = "stack traces of failures")
  private boolean verbose;

  IfRunning ifRunning() {
    return ifRunning;
  }

  boolean verbose() {
    return verbose;
  }

  /** The keys that {@code --set} names, with their values. */
  List<String> sets() {
    return sets;
  }

  RunConfig load() {
    return RunConfig.load(config, all());
  }

  /** The same with further keys, which go over all others. */
  RunConfig load(List<String> further) {
    return RunConfig.load(config, with(further));
  }

  /** What {@code --set} and {@code --workspace} name, and further keys after that. */
  List<String> with(List<String> further) {
    List<String> all = all();
    all.addAll(further);
    return all;
  }

  /**
   * The configuration file.
   *
   * @throws HoneException if none is named
   */
  Path file() {
    if (config == null) {
      throw new HoneException(
          ErrorCode.CONFIGURATION, "Cannot do that without a configuration. Give --config FILE.");
    }
    return config;
  }

  RunConfig loadDemo() {
    return RunConfig.demo(all());
  }

  private List<String> all() {
    List<String> all = new ArrayList<>(sets);
    if (workspace != null) {
      all.add("workspace=\"" + workspace.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }
    return all;
  }
}
