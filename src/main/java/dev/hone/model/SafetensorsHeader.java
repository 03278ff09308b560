package dev.hone.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a safetensors file says that it holds, checked against the file's size: tensors lie one
 * after the other, without holes, from the header's end to the end of the file.
 *
 * @param file the file
 * @param dataStart where the tensors' bytes begin
 * @param entries the tensors by name
 */
record SafetensorsHeader(Path file, long dataStart, SortedMap<String, Entry> entries) {
  private static final long LARGEST_HEADER = 100L << 20;

  /** How a file begins that was cloned without its content. */
  static final String LFS_POINTER = "version https://git-lfs";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Bytes of one value; types that are not here are never read. */
  private static final Map<String, Integer> WIDTHS =
      Map.ofEntries(
          Map.entry("F64", 8),
          Map.entry("F32", 4),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("I64", 8),
          Map.entry("U64", 8),
          Map.entry("I32", 4),
          Map.entry("U32", 4),
          Map.entry("I16", 2),
          Map.entry("U16", 2),
          Map.entry("I8", 1),
          Map.entry("U8", 1),
          Map.entry("BOOL", 1));

  /**
   * One tensor of a file.
   *
   * @param type the format's name for the values' type
   * @param shape the dimensions, outermost first
   * @param begin its first byte, counted from where the data starts
   * @param end the byte after its last
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  record Entry(String type, long[] shape, long begin, long end) {
    /** How many values the shape holds. */
    long size() {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
  }

  /**
   * Reads a file's header.
   *
   * @throws dev.hone.error.HoneException if the file is damaged or no safetensors file; the message
   *     says where
   */
  static SafetensorsHeader read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long dataStart = 8 + headerLength(channel, file);
      byte[] header = Safetensors.bytes(channel, 8, Math.toIntExact(dataStart - 8)).array();
      SortedMap<String, Entry> entries = new TreeMap<>();
      for (Map.Entry<String, JsonNode> field : JSON.readTree(header).properties()) {
        if (!field.getKey().equals("__metadata__")) {
          entries.put(field.getKey(), entry(file, field.getKey(), field.getValue()));
        }
      }
      SafetensorsHeader read = new SafetensorsHeader(file, dataStart, entries);
      read.checkLayout(channel.size() - dataStart);
      return read;
    } catch (JsonProcessingException e) {
      throw Safetensors.damaged(file, "its header is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw Safetensors.unreadable(file, e);
    }
  }

  private static long headerLength(FileChannel channel, Path file) throws IOException {
    long size = channel.size();
    String start =
        new String(
            Safetensors.bytes(channel, 0, (int) Math.min(size, LFS_POINTER.length())).array(),
            StandardCharsets.ISO_8859_1);
    if (start.equals(LFS_POINTER)) {
      throw Safetensors.pointer("weights", file);
    }
    long length = size < 8 ? -1 : Safetensors.bytes(channel, 0, 8).getLong();
    if (length < 2 || length > LARGEST_HEADER) {
      throw Safetensors.damaged(
          file,
          size < 8
              ? "it has " + size + " bytes, and the length of its header alone takes 8"
              : "its first 8 bytes should be the length of its header, and say " + length,
          null);
    }
    if (8 + length > size) {
      throw Safetensors.damaged(
          file,
          "its header should end at byte %d, and the file ends at byte %d"
              .formatted(8 + length, size),
          null);
    }
    return length;
  }

  private static Entry entry(Path file, String name, JsonNode node) {
    JsonNode offsets = node.path("data_offsets");
    JsonNode sizes = node.path("shape");
    long[] shape = new long[sizes.size()];
    boolean sound =
        node.path("dtype").isTextual()
            && sizes.isArray()
            && offsets.size() == 2
            && isCount(offsets.path(0))
            && isCount(offsets.path(1));
    for (int i = 0; i < shape.length; i++) {
      sound &= isCount(sizes.path(i));
      shape[i] = sizes.path(i).asLong();
    }
    if (!sound) {
      throw Safetensors.damaged(
          file,
          "tensor %s should have a dtype, a shape and two data_offsets, found %s"
              .formatted(name, node),
          null);
    }
    Entry entry =
        new Entry(
            node.path("dtype").asText(), shape, offsets.path(0).asLong(), offsets.path(1).asLong());
    checkSize(file, name, entry);
    return entry;
  }

  private static boolean isCount(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.asLong() >= 0;
  }

  private static void checkSize(Path file, String name, Entry entry) {
    Integer width = WIDTHS.get(entry.type());
    long expected;
    try {
      expected = width == null ? -1 : Math.multiplyExact(entry.size(), width);
    } catch (ArithmeticException e) {
      throw Safetensors.damaged(
          file,
          "tensor %s has the impossible shape %s".formatted(name, Arrays.toString(entry.shape())),
          e);
    }
    long found = entry.end() - entry.begin();
    if (found < 0 || (width != null && found != expected)) {
      throw Safetensors.damaged(
          file,
          "tensor %s of shape %s and dtype %s should have %s bytes, its data_offsets leave %d"
              .formatted(
                  name,
                  Arrays.toString(entry.shape()),
                  entry.type(),
                  width == null ? "some" : expected,
                  found),
          null);
    }
  }

  private void checkLayout(long dataSize) {
    List<Map.Entry<String, Entry>> order =
        entries.entrySet().stream()
            .sorted(
                Comparator.comparingLong(
                        (Map.Entry<String, Entry> tensor) -> tensor.getValue().begin())
                    .thenComparingLong(tensor -> tensor.getValue().end()))
            .toList();
    long next = 0;
    String before = "the header";
    for (Map.Entry<String, Entry> tensor : order) {
      if (tensor.getValue().begin() != next) {
        throw Safetensors.damaged(
            file,
            "tensor %s should begin at byte %d of the data, where %s ends, and begins at byte %d"
                .formatted(tensor.getKey(), next, before, tensor.getValue().begin()),
            null);
      }
      next = tensor.getValue().end();
      before = tensor.getKey();
      if (next > dataSize) {
        throw Safetensors.damaged(
            file,
            "tensor %s should end at byte %d, and the file ends at byte %d"
                .formatted(before, dataStart + next, dataStart + dataSize),
            null);
      }
    }
    if (next != dataSize) {
      throw Safetensors.damaged(
          file,
          "its last tensor, %s, ends at byte %d, and the file at byte %d"
              .formatted(before, dataStart + next, dataStart + dataSize),
          null);
    }
  }
}
