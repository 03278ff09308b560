package dev.hone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hone.store.LocalCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Changes the source in an encoder's archive, to see what a fault in it does to its results. */
final class ChangedSource {
  private static final String SOURCE = "code/__torch__.py";

  private ChangedSource() {}

  /**
   * Changes the only encoder of a cache.
   *
   * @param pairs what is replaced, and by what; each must be there
   * @param added functions put at the end
   */
  static void change(LocalCache cache, JsonNode pairs, String added) throws IOException {
    Path archive;
    try (Stream<Path> files = Files.walk(cache.root())) {
      List<Path> found = files.filter(file -> file.endsWith("encoder.pt")).toList();
      if (found.size() != 1) {
        throw new IllegalStateException("one archive was expected, there are " + found);
      }
      archive = found.get(0);
    }
    Map<String, byte[]> entries = read(archive);
    entries.replaceAll(
        (name, content) -> name.endsWith(SOURCE) ? changed(content, pairs, added) : content);
    write(archive, entries);
  }

  private static byte[] changed(byte[] content, JsonNode pairs, String added) {
    String source = new String(content, StandardCharsets.UTF_8);
    for (JsonNode pair : pairs) {
      String old = pair.get(0).asText();
      if (!source.contains(old)) {
        throw new IllegalStateException("the source has no '" + old + "':\n" + source);
      }
      source = source.replace(old, pair.get(1).asText());
    }
    return (source + added).getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, byte[]> read(Path archive) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        try (InputStream stream = zip.getInputStream(entry)) {
          entries.put(entry.getName(), stream.readAllBytes());
        }
      }
    }
    return entries;
  }

  /** Stored, not compressed: libtorch reads weights where they lie. */
  private static void write(Path archive, Map<String, byte[]> entries) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      for (Map.Entry<String, byte[]> file : entries.entrySet()) {
        CRC32 checksum = new CRC32();
        checksum.update(file.getValue());
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(file.getValue().length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
  }
}
