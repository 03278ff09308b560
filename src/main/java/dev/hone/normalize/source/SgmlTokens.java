package dev.hone.normalize.source;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts SGML into tags and the text between them. Tags need not match: what they mean is for the
 * caller to say. Comments and declarations are no tokens; a {@code <} that begins no tag is text.
 */
final class SgmlTokens {
  private static final int LONGEST_TAG = 2000;
  private static final int NOTHING = -2;
  private static final Pattern TAG =
      Pattern.compile("<(/?)([A-Za-z][A-Za-z0-9_:.-]*)(\\s[^<>]*)?>|<([A-Za-z][^<>]*)/>");

  private static final int LONGEST_COMMENT = 10_000;

  /** A comment that holds one of these was never closed. */
  private static final Pattern NO_COMMENT =
      Pattern.compile("<!--|</?(doc|top)>", Pattern.CASE_INSENSITIVE);

  private final PushbackReader reader;
  private int ahead = NOTHING;

  SgmlTokens(Reader reader) {
    this.reader = new PushbackReader(reader, LONGEST_COMMENT);
  }

  /** What a token is. */
  enum Kind {
    OPEN,
    CLOSE,
    TEXT
  }

  /**
   * One token.
   *
   * @param name a tag's name in lower case; empty for text
   * @param written the token as it stands in the file
   */
  record Token(Kind kind, String name, String written) {
    boolean opens(String tag) {
      return kind == Kind.OPEN && name.equals(tag);
    }

    boolean closes(String tag) {
      return kind == Kind.CLOSE && name.equals(tag);
    }
  }

  /** The next token, or empty at the end. */
  Optional<Token> next() throws IOException {
    for (int first = read(); first >= 0; first = read()) {
      if (first != '<') {
        return Optional.of(text(first));
      }
      Optional<Token> tag = tag();
      if (tag.isPresent()) {
        return tag;
      }
    }
    return Optional.empty();
  }

  private int read() throws IOException {
    int next = ahead == NOTHING ? reader.read() : ahead;
    ahead = NOTHING;
    return next;
  }

  private Token text(int first) throws IOException {
    StringBuilder text = new StringBuilder().append((char) first);
    int next = read();
    for (; next >= 0 && next != '<'; next = read()) {
      text.append((char) next);
    }
    ahead = next;
    return new Token(Kind.TEXT, "", text.toString());
  }

  /** A tag, or the text that looked like one; empty for a comment or a declaration. */
  private Optional<Token> tag() throws IOException {
    StringBuilder written = new StringBuilder("<");
    while (written.length() < LONGEST_TAG) {
      int next = read();
      if (next < 0 || next == '<') {
        ahead = next;
        break;
      }
      written.append((char) next);
      if (written.length() == 4 && written.toString().equals("<!--")) {
        return skipsComment() ? Optional.empty() : Optional.of(new Token(Kind.TEXT, "", "<!--"));
      }
      if (next == '>') {
        return token(written.toString());
      }
    }
    return Optional.of(new Token(Kind.TEXT, "", written.toString()));
  }

  private static Optional<Token> token(String written) {
    if (written.startsWith("<!") || written.startsWith("<?")) {
      return Optional.empty();
    }
    Matcher tag = TAG.matcher(written);
    if (!tag.matches()) {
      return Optional.of(new Token(Kind.TEXT, "", written));
    }
    if (written.endsWith("/>")) {
      return Optional.of(new Token(Kind.TEXT, "", " ")); // an element without content
    }
    Kind kind = tag.group(1).isEmpty() ? Kind.OPEN : Kind.CLOSE;
    return Optional.of(new Token(kind, tag.group(2).toLowerCase(Locale.ROOT), written));
  }

  /** Skips the rest of a comment; where it has no end, nothing, and its beginning is text. */
  private boolean skipsComment() throws IOException {
    StringBuilder comment = new StringBuilder();
    while (comment.length() < LONGEST_COMMENT) {
      int next = reader.read();
      if (next < 0) {
        break;
      }
      comment.append((char) next);
      if (next == '>'
          && comment.length() >= 3
          && comment.substring(comment.length() - 3).equals("-->")) {
        if (!NO_COMMENT.matcher(comment).find()) {
          return true;
        }
        break;
      }
    }
    reader.unread(comment.toString().toCharArray());
    return false;
  }
}
