package dev.hone.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a process sees of Java and of the machine that it runs on.
 *
 * @param java Java's version and vendor, and the platform
 * @param javaFeature Java's major version
 * @param processors how many this process may use
 * @param model the processor's name; empty where it is unknown
 * @param instructions those the processor has of {@link #INSTRUCTIONS}
 * @param memoryBytes the machine's or the container's memory
 * @param heapBytes the most heap of this process
 * @param nvidiaDevices how many GPUs the operating system knows
 */
record Machine(
    String java,
    int javaFeature,
    int processors,
    String model,
    List<String> instructions,
    long memoryBytes,
    long heapBytes,
    int nvidiaDevices) {
  /** Instructions that decide how fast texts are encoded, of x86-64 and of aarch64. */
  static final List<String> INSTRUCTIONS =
      List.of("avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16");

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path DEVICES = Path.of("/dev");

  Machine {
    instructions = List.copyOf(instructions);
  }

  /** This process. */
  static Machine here() {
    Map<String, String> processor = firstProcessor();
    List<String> features =
        List.of(
            processor
                .getOrDefault("flags", processor.getOrDefault("Features", ""))
                .strip()
                .split("\\s+"));
    return new Machine(
        "%s (%s), %s %s"
            .formatted(
                System.getProperty("java.version"),
                System.getProperty("java.vendor"),
                System.getProperty("os.name"),
                System.getProperty("os.arch")),
        Runtime.version().feature(),
        Runtime.getRuntime().availableProcessors(),
        processor.getOrDefault("model name", ""),
        INSTRUCTIONS.stream().filter(features::contains).toList(),
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
        Runtime.getRuntime().maxMemory(),
        countNvidiaDevices());
  }

  /** The first block of /proc/cpuinfo; empty where there is none, as on other systems. */
  private static Map<String, String> firstProcessor() {
    Map<String, String> facts = new LinkedHashMap<>();
    if (Files.isReadable(CPU_INFO)) {
      try (Stream<String> lines = Files.lines(CPU_INFO)) {
        lines
            .takeWhile(line -> !line.isBlank())
            .map(line -> line.split(":", 2))
            .filter(parts -> parts.length == 2)
            .forEach(parts -> facts.put(parts[0].strip(), parts[1].strip()));
      } catch (IOException e) {
        facts.put("model name", "unknown: " + e);
      }
    }
    return facts;
  }

  private static int countNvidiaDevices() {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(DEVICES)) {
      try (Stream<Path> devices = Files.list(DEVICES)) {
        devices
            .filter(device -> device.getFileName().toString().matches("nvidia\\d+"))
            .forEach(found::add);
      } catch (IOException e) {
        return 0; // without a right to look there is none to use
      }
    }
    return found.size();
  }

  boolean isX86() {
    return java.endsWith("amd64") || java.endsWith("x86_64");
  }
}
