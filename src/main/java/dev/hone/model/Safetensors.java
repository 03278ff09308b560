package dev.hone.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
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
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;
  private static final int CHUNK = 1 << 20;

  private Safetensors() {}

  /**
   * Reads all tensors of a file as 32-bit floats.
   *
   * @throws HoneException if the file is damaged or cannot be read
   */
  public static SortedMap<String, Tensor> read(Path file) {
    SafetensorsHeader header = SafetensorsHeader.read(file);
    return read(header, header.entries().keySet());
  }

  /**
   * Reads some tensors as 32-bit floats; F16 and BF16 are widened exactly.
   *
   * @param names tensors that the header has; others are left where they are
   * @throws HoneException if one has another type or more values than Java can hold
   */
  static SortedMap<String, Tensor> read(SafetensorsHeader header, Set<String> names) {
    SortedMap<String, Tensor> tensors = new TreeMap<>();
    try (FileChannel channel = FileChannel.open(header.file(), StandardOpenOption.READ)) {
      for (String name : names) {
        tensors.put(name, tensor(channel, header, name));
      }
      return tensors;
    } catch (IOException e) {
      throw unreadable(header.file(), e);
    }
  }

  private static Tensor tensor(FileChannel channel, SafetensorsHeader header, String name)
      throws IOException {
    SafetensorsHeader.Entry entry = header.entries().get(name);
    int width =
        switch (entry.type()) {
          case "F32" -> 4;
          case "F16", "BF16" -> 2;
          default ->
              throw refused(
                  header.file(),
                  "tensor %s has dtype %s, and only F32, F16 and BF16 are known"
                      .formatted(name, entry.type()),
                  "Save the model in one of these, without quantization.");
        };
    if (entry.size() > LONGEST_ARRAY) {
      throw refused(
          header.file(),
          "tensor %s has %d values, and %d is the most that can be read"
              .formatted(name, entry.size(), LONGEST_ARRAY),
          "Choose a smaller model.");
    }
    float[] values = new float[(int) entry.size()];
    for (int done = 0; done < values.length; ) {
      int count = Math.min(CHUNK, values.length - done);
      ByteBuffer bytes =
          bytes(
              channel,
              header.dataStart() + entry.begin() + (long) done * width,
              Math.multiplyExact(count, width));
      widen(entry.type(), bytes, values, done, count);
      done += count;
    }
    return new Tensor(entry.shape(), values);
  }

  private static void widen(String type, ByteBuffer bytes, float[] values, int from, int count) {
    if (type.equals("F32")) {
      bytes.asFloatBuffer().get(values, from, count);
      return;
    }
    boolean brain = type.equals("BF16");
    for (int i = 0; i < count; i++) {
      short half = bytes.getShort();
      values[from + i] = brain ? Float.intBitsToFloat(half << 16) : halfToFloat(half);
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
    byte[] header = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(header, json.length, header.length, (byte) ' ');
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

  /** Some bytes of a file, little-endian, from its own array. */
  static ByteBuffer bytes(FileChannel channel, long position, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new IOException("the file ends early");
      }
    }
    return bytes.flip();
  }

  static HoneException damaged(Path file, String why, Exception cause) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot read the weights %s: %s. The file is damaged: copy or download it again, or save the model again as safetensors."
            .formatted(file, why),
        cause);
  }

  static HoneException unreadable(Path file, IOException cause) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot read the weights %s: %s. Make the file readable for this user."
            .formatted(file, cause),
        cause);
  }

  /** A file that was cloned without its content. */
  static HoneException pointer(String what, Path file) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot read the %s %s: it is a pointer of Git LFS, without the content. Run git lfs pull in its folder."
            .formatted(what, file));
  }

  static HoneException refused(Path file, String why, String remedy) {
    return new HoneException(
        ErrorCode.CONFIGURATION, "Cannot use the weights %s: %s. %s".formatted(file, why, remedy));
  }
}
