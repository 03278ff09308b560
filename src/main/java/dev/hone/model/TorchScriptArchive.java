package dev.hone.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive, without PyTorch: a zip of stored entries with the classes' source,
 * a pickle of the module tree and the raw weights.
 *
 * <p>The format is libtorch's own (torch/csrc/jit/serialization); it is written for the pinned
 * libtorch and tested by loading.
 */
public final class TorchScriptArchive {
  private static final String FORMAT_VERSION = "10\n"; // what libtorch 2.7 writes

  private final Pickle pickle = new Pickle();
  private final List<Storage> storages = new ArrayList<>();

  private TorchScriptArchive() {}

  /**
   * One module: its class in the source, and its attributes in order: {@link Tensor}, {@link
   * Rounded}, {@link Module}, {@link String}, {@link Boolean}, {@link Integer} or {@link Double}.
   */
  public record Module(String type, Map<String, Object> attributes) {
    /** Adds the attributes that every module has. */
    public static Module of(String type, Map<String, ?> attributes) {
      Map<String, Object> all = new TreeMap<>(attributes); // the same bytes in every process
      all.put("training", true);
      return new Module(type, all);
    }
  }

  /** A tensor that is stored as bf16, rounded to nearest, ties to even. */
  public record Rounded(Tensor tensor) {}

  @SuppressWarnings("ArrayRecordComponent") // on its way into a file, never compared
  private record Storage(float[] values, boolean rounded) {}

  /**
   * Writes an archive.
   *
   * @param file where to; must not exist
   * @param source the classes, as TorchScript
   * @param root the module tree
   */
  public static void write(Path file, String source, Module root) throws IOException {
    TorchScriptArchive archive = new TorchScriptArchive();
    archive.pickle.start();
    archive.module(root);
    byte[] data = archive.pickle.stop();
    try (OutputStream out =
            Files.newOutputStream(file, java.nio.file.StandardOpenOption.CREATE_NEW);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      entry(zip, "data.pkl", data);
      entry(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      entry(zip, "constants.pkl", emptyTuple());
      for (int i = 0; i < archive.storages.size(); i++) {
        entry(zip, "data/" + i, bytes(archive.storages.get(i)));
      }
      entry(zip, "version", FORMAT_VERSION.getBytes(StandardCharsets.UTF_8));
      entry(zip, "byteorder", "little".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] emptyTuple() {
    Pickle pickle = new Pickle();
    pickle.start();
    pickle.emptyTuple();
    return pickle.stop();
  }

  private static byte[] bytes(Storage storage) {
    float[] values = storage.values();
    int width = storage.rounded() ? 2 : 4;
    byte[] bytes = new byte[Math.multiplyExact(width, values.length)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (storage.rounded()) {
      for (float value : values) {
        buffer.putShort(rounded(value));
      }
    } else {
      buffer.asFloatBuffer().put(values);
    }
    return bytes;
  }

  /** The upper half of a finite float's bits, after rounding to nearest, ties to even. */
  static short rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry("m/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTime(0L);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private void module(Module module) {
    pickle.global("__torch__", module.type());
    pickle.emptyTuple();
    pickle.newObject();
    pickle.emptyDict();
    pickle.mark();
    module
        .attributes()
        .forEach(
            (name, value) -> {
              pickle.text(name);
              attribute(value);
            });
    pickle.setItems();
    pickle.build();
  }

  private void attribute(Object value) {
    if (value instanceof Module child) {
      module(child);
    } else if (value instanceof Tensor tensor) {
      tensor(tensor, false);
    } else if (value instanceof Rounded rounded) {
      tensor(rounded.tensor(), true);
    } else if (value instanceof String text) {
      pickle.text(text);
    } else if (value instanceof Boolean flag) {
      pickle.flag(flag);
    } else if (value instanceof Integer number) {
      pickle.integer(number);
    } else if (value instanceof Double number) {
      pickle.real(number);
    } else {
      throw new IllegalArgumentException("no attribute of a module: " + value);
    }
  }

  /** {@code torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, grad, hooks)}. */
  private void tensor(Tensor tensor, boolean rounded) {
    int key = storages.size();
    storages.add(new Storage(tensor.values(), rounded));
    pickle.global("torch._utils", "_rebuild_tensor_v2");
    pickle.mark();
    pickle.mark();
    pickle.text("storage");
    pickle.global("torch", rounded ? "BFloat16Storage" : "FloatStorage");
    pickle.text(String.valueOf(key));
    pickle.text("cpu");
    pickle.integer(tensor.values().length);
    pickle.tuple();
    pickle.persistentId();
    pickle.integer(0);
    integers(tensor.shape());
    integers(strides(tensor.shape()));
    pickle.flag(true);
    pickle.global("collections", "OrderedDict");
    pickle.emptyTuple();
    pickle.reduce();
    pickle.tuple();
    pickle.reduce();
  }

  private void integers(long[] values) {
    pickle.mark();
    for (long value : values) {
      pickle.integer(Math.toIntExact(value));
    }
    pickle.tuple();
  }

  private static long[] strides(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strides;
  }

  /** The opcodes of pickle protocol 2 that an archive needs. */
  private static final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void start() {
      out.write(0x80);
      out.write(2);
    }

    byte[] stop() {
      out.write('.');
      return out.toByteArray();
    }

    void global(String module, String name) {
      out.write('c');
      out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.write('X');
      little(bytes.length, 4);
      out.writeBytes(bytes);
    }

    void integer(int value) {
      out.write('J');
      little(value, 4);
    }

    void real(double value) {
      out.write('G');
      out.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
    }

    void flag(boolean value) {
      out.write(value ? 0x88 : 0x89);
    }

    void emptyTuple() {
      out.write(')');
    }

    void emptyDict() {
      out.write('}');
    }

    void mark() {
      out.write('(');
    }

    void tuple() {
      out.write('t');
    }

    void setItems() {
      out.write('u');
    }

    void newObject() {
      out.write(0x81);
    }

    void build() {
      out.write('b');
    }

    void reduce() {
      out.write('R');
    }

    void persistentId() {
      out.write('Q');
    }

    private void little(long value, int width) {
      for (int i = 0; i < width; i++) {
        out.write((int) (value >>> (8 * i)) & 0xff);
      }
    }
  }
}
