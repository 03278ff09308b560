package dev.hone.normalize.source;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Records between a tag and its end, such as {@code <DOC>} and {@code </DOC>}. What stands outside
 * of them, and a record without an end, is a broken record: nothing is left out.
 */
final class MarkedRecords {
  private final SgmlTokens tokens;
  private final String tag;
  private final Supplier<Content> contents;
  private boolean inside;

  /**
   * Begins after the first record's tag.
   *
   * @param contents makes what collects the next record's content
   */
  MarkedRecords(SgmlTokens tokens, String tag, Supplier<Content> contents) {
    this.tokens = tokens;
    this.tag = tag;
    this.contents = contents;
    this.inside = true;
  }

  /** Collects the content of one record. */
  interface Content {
    void open(String tag);

    void close(String tag);

    void text(String text);

    TrecRecord record();
  }

  /** The next record, or empty after the last. */
  Optional<TrecRecord> next() throws IOException {
    Optional<TrecRecord> stray = inside ? Optional.empty() : stray();
    if (stray.isPresent() || !inside) {
      return stray;
    }
    inside = false;
    Content content = contents.get();
    StringBuilder beginning = new StringBuilder("<" + tag + ">");
    for (var next = tokens.next(); next.isPresent(); next = tokens.next()) {
      SgmlTokens.Token token = next.get();
      if (token.closes(tag)) {
        return Optional.of(content.record());
      }
      if (token.opens(tag)) {
        inside = true;
        break;
      }
      show(beginning, token);
      switch (token.kind()) {
        case OPEN -> content.open(token.name());
        case CLOSE -> content.close(token.name());
        case TEXT -> content.text(token.written());
      }
    }
    return Optional.of(TrecRecord.broken(beginning.toString()));
  }

  /** Goes to the next record's beginning; what stands before it, unless that is white space. */
  private Optional<TrecRecord> stray() throws IOException {
    StringBuilder stray = new StringBuilder();
    while (!inside) {
      Optional<SgmlTokens.Token> next = tokens.next();
      if (next.isEmpty()) {
        break;
      }
      SgmlTokens.Token token = next.get();
      inside = token.opens(tag);
      if (!inside && !token.written().isBlank()) {
        show(stray, token);
      }
    }
    return stray.isEmpty() ? Optional.empty() : Optional.of(TrecRecord.broken(stray.toString()));
  }

  private static void show(StringBuilder beginning, SgmlTokens.Token token) {
    String written = token.written();
    int room = Math.max(0, SourceRows.SHOWN - beginning.length());
    beginning.append(written, 0, Math.min(room, written.length()));
  }
}
