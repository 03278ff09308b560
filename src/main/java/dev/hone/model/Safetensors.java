package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads and writes the safetensors format: a length, a JSON header, raw little-endian tensors.
 *
 * <p>Written files are the same bytes for the same weights: names sorted, header padded to 8 bytes.
 * Source: the format's description at huggingface/safetensors.
 */
public final class Safetensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LARGEST_HEADER = 100L << 20;
  private static final int CHUNK = 1 << 20;

  private Safetensors() {}

  /**
   * Reads every tensor as 32-bit floats; F16 and BF16 are widened exactly, integers are skipped.
   *
   * @throws HoneException if the file is not a safetensors file that can be read
   */
  public static SortedMap<String, Tensor> read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long headerLength = readFully(channel, 0, 8).getLong();
      if (headerLength < 2 || headerLength > Math.min(LARGEST_HEADER, channel.size() - 8)) {
        throw malformed(file, "its header length is " + headerLength, null);
      }
      ByteBuffer header = readFully(channel, 8, Math.toIntExact(headerLength));
      JsonNode root = JSON.readTree(StandardCharsets.UTF_8.decode(header).toString());
      SortedMap<String, Tensor> tensors = new TreeMap<>();
      for (Map.Entry<String, JsonNode> field : root.properties()) {
        if (field.getKey().equals("__metadata__")
            || field.getValue().path("dtype").asText().startsWith("I")) {
          continue;
        }
        tensors.put(field.getKey(), tensor(channel, 8 + headerLength, field, file));
      }
      return tensors;
    } catch (IOException e) {
      throw malformed(file, e.getMessage(), e);
    }
  }

  private static Tensor tensor(
      FileChannel channel, long base, Map.Entry<String, JsonNode> field, Path file)
      throws IOException {
    JsonNode node = field.getValue();
    long start = node.path("data_offsets").path(0).asLong(-1);
    long end = node.path("data_offsets").path(1).asLong(-1);
    if (start < 0 || end < start || base + end > channel.size()) {
      throw malformed(file, "tensor " + field.getKey() + " lies outside the file", null);
    }
    long[] shape = new long[node.path("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = node.path("shape").path(i).asLong();
    }
    String type = node.path("dtype").asText();
    int width =
        switch (type) {
          case "F32" -> 4;
          case "F16", "BF16" -> 2;
          default -> throw malformed(file, "tensor " + field.getKey() + " has dtype " + type, null);
        };
    float[] values = new float[Math.toIntExact((end - start) / width)];
    for (int done = 0; done < values.length; ) {
      int count = Math.min(CHUNK, values.length - done);
      ByteBuffer bytes =
          readFully(channel, base + start + (long) done * width, Math.multiplyExact(count, width));
      for (int i = 0; i < count; i++) {
        values[done + i] =
            switch (type) {
              case "F32" -> bytes.getFloat();
              case "BF16" -> Float.intBitsToFloat(bytes.getShort() << 16);
              default -> halfToFloat(bytes.getShort());
            };
      }
      done += count;
    }
    try {
      return new Tensor(shape, values);
    } catch (IllegalArgumentException e) {
      throw malformed(file, "tensor " + field.getKey() + ": " + e.getMessage(), e);
    }
  }

  /** IEEE 754 half to single precision, exactly. */
  static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float value = fraction * 0x1p-24f;
      return sign == 0 ? value : -value;
    }
    int bits = exponent == 31 ? 0x7f800000 : (exponent + 112) << 23;
    return Float.intBitsToFloat(sign | bits | fraction << 13);
  }

  /** Writes tensors as F32. */
  public static void write(Path file, SortedMap<String, Tensor> tensors) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      ObjectNode node = root.putObject(entry.getKey());
      node.put("dtype", "F32");
      for (long size : entry.getValue().shape()) {
        node.withArray("shape").add(size);
      }
      if (entry.getValue().shape().length == 0) {
        node.putArray("shape");
      }
      long end = offset + 4L * entry.getValue().values().length;
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] header = padded(JSON.writeValueAsBytes(root));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      writeFully(channel, length.putLong(header.length).flip());
      writeFully(channel, ByteBuffer.wrap(header));
      for (Tensor tensor : tensors.values()) {
        writeValues(channel, tensor.values());
      }
      channel.force(true);
    }
  }

  private static byte[] padded(byte[] json) {
    byte[] header = java.util.Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    java.util.Arrays.fill(header, json.length, header.length, (byte) ' ');
    return header;
  }

  private static void writeValues(FileChannel channel, float[] values) throws IOException {
    for (int done = 0; done < values.length; ) {
      int count = Math.min(CHUNK, values.length - done);
      ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values, done, count);
      writeFully(channel, bytes);
      done += count;
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static ByteBuffer readFully(FileChannel channel, long position, int count)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new IOException("the file ends early");
      }
    }
    return bytes.flip();
  }

  private static HoneException malformed(Path file, String why, Exception cause) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot read the weights " + file + ": " + why + ". Save the model again as safetensors.",
        cause);
  }
}
