package dev.hone.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Vectors on disk, one after the other, fp32 in this machine's byte order.
 *
 * @param path the file
 * @param dimension of each vector
 */
record VectorFile(Path path, int dimension) {
  private static final int BUFFER = 1 << 20;

  private int bytes() {
    return dimension * Float.BYTES;
  }

  /** Writes the first made vectors. */
  void write(MadeVectors vectors, int count) throws IOException {
    ByteBuffer row = ByteBuffer.allocate(bytes()).order(ByteOrder.nativeOrder());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), BUFFER)) {
      for (int i = 0; i < count; i++) {
        row.asFloatBuffer().put(vectors.vector(i));
        out.write(row.array());
      }
    }
  }

  /** Some rows, mapped into memory. */
  ByteBuffer map(int first, int rows) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, (long) first * bytes(), (long) rows * bytes())
          .order(ByteOrder.nativeOrder());
    }
  }

  /** Some rows. */
  List<float[]> read(int first, int rows) throws IOException {
    FloatBuffer values = map(first, rows).asFloatBuffer();
    List<float[]> vectors = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      float[] vector = new float[dimension];
      values.get(vector);
      vectors.add(vector);
    }
    return vectors;
  }
}
