package dev.hone.normalize.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Optional;

/** The JSON values of a document: its lines, or all of it as one. Blank ones are none. */
final class JsonValues implements ArchiveMember {
  private final BufferedReader reader;
  private final boolean multiLine;

  /** Values of a document; the stream stays open. */
  JsonValues(InputStream stream, Charset encoding, boolean multiLine) {
    this.reader = new BufferedReader(new InputStreamReader(stream, encoding));
    this.multiLine = multiLine;
  }

  @Override
  public Optional<Value> next() throws IOException {
    for (String value = read(); value != null; value = read()) {
      String text = value.startsWith("\uFEFF") ? value.substring(1) : value;
      if (!text.isBlank()) {
        return Optional.of(new Value(text, null));
      }
    }
    return Optional.empty();
  }

  private String read() throws IOException {
    if (!multiLine) {
      return reader.readLine();
    }
    StringBuilder all = new StringBuilder();
    char[] buffer = new char[1 << 14];
    for (int size = reader.read(buffer); size >= 0; size = reader.read(buffer)) {
      all.append(buffer, 0, size);
    }
    return all.isEmpty() ? null : all.toString();
  }
}
