package dev.hone.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says of the memory of a process. */
final class ResidentMemory {
  private static final String PEAK = "VmHWM:";
  private static final long KIB_PER_MIB = 1024;

  private ResidentMemory() {}

  /**
   * The most memory that a process ever held, MiB: its heap and all else.
   *
   * @throws IOException where the system does not say, as all but Linux
   */
  static long most(long pid) throws IOException {
    return most(Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")));
  }

  /** The same from the lines of {@code /proc/PID/status}. */
  static long most(List<String> status) throws IOException {
    for (String line : status) {
      if (line.startsWith(PEAK)) {
        String kib = line.substring(PEAK.length()).replace("kB", "").strip();
        return Long.parseLong(kib) / KIB_PER_MIB;
      }
    }
    throw new IOException("/proc does not say how much memory a process held");
  }
}
