package dev.hone.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/** Writes safetensors files byte by byte, sound or damaged. */
final class MadeWeights {
  private final ObjectNode header = new ObjectMapper().createObjectNode();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** Adds a tensor of 32-bit floats. */
  MadeWeights floats(String name, long[] shape, float... values) {
    byte[] bytes = new byte[4 * values.length];
    littleEndian(bytes).asFloatBuffer().put(values);
    return raw(name, "F32", shape, bytes);
  }

  /** Adds a tensor of 16-bit values, given by their bits. */
  MadeWeights halves(String name, String type, long[] shape, int... bits) {
    byte[] bytes = new byte[2 * bits.length];
    for (int i = 0; i < bits.length; i++) {
      littleEndian(bytes).putShort(2 * i, (short) bits[i]);
    }
    return raw(name, type, shape, bytes);
  }

  MadeWeights raw(String name, String type, long[] shape, byte[] bytes) {
    ObjectNode entry = header.putObject(name).put("dtype", type);
    entry.putArray("shape").addAll(Arrays.stream(shape).mapToObj(entry::numberNode).toList());
    entry.putArray("data_offsets").add(data.size()).add(data.size() + bytes.length);
    data.writeBytes(bytes);
    return this;
  }

  /** Changes what the header says. */
  MadeWeights header(Consumer<ObjectNode> change) {
    change.accept(header);
    return this;
  }

  Path write(Path file) throws IOException {
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] length = new byte[8];
    littleEndian(length).putLong(json.length);
    all.writeBytes(length);
    all.writeBytes(json);
    all.writeBytes(data.toByteArray());
    return Files.write(file, all.toByteArray());
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
