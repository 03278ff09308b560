package dev.hone.normalize.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The members of a tar archive, one after the other, as streams; nothing is unpacked to a disk. An
 * archive without an end mark is cut off, which the library itself takes for an end.
 */
final class TarMembers {
  private static final int END_MARK = 512;

  private final CountedZeros bytes;
  private final TarArchiveInputStream tar;
  private final Predicate<String> wanted;
  private TarArchiveEntry member;

  /**
   * Begins before the first member.
   *
   * @param archive decompressed
   * @param wanted tells by a file's name, without its folder, whether it is read
   */
  TarMembers(InputStream archive, Predicate<String> wanted) {
    this.bytes = new CountedZeros(archive);
    this.tar = new TarArchiveInputStream(bytes, StandardCharsets.UTF_8.name());
    this.wanted = wanted;
  }

  /**
   * Goes to the next file, if there is one; links and folders are none.
   *
   * @throws IOException if the archive is damaged or has no end
   */
  boolean next() throws IOException {
    for (member = tar.getNextEntry(); member != null; member = tar.getNextEntry()) {
      String path = member.getName();
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (member.isFile() && !name.isEmpty() && !SourceFiles.isHidden(name) && wanted.test(name)) {
        return true;
      }
    }
    if (bytes.zeros < END_MARK) {
      throw new IOException("the archive has no end mark");
    }
    return false;
  }

  /** The name of the file that was gone to, its folders included, in the characters of a URI. */
  String name() {
    return URLEncoder.encode(member.getName(), StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The content of the file that was gone to; closing it leaves the archive open. */
  InputStream content() {
    return new Content(tar);
  }

  /** Reads a stream and counts the zeros that were last. */
  private static final class CountedZeros extends InputStream {
    private final InputStream stream;
    private long zeros;

    CountedZeros(InputStream stream) {
      this.stream = stream;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int size = stream.read(target, offset, length);
      int zero = size;
      while (zero > 0 && target[offset + zero - 1] == 0) {
        zero--;
      }
      zeros = zero > 0 ? size - zero : zeros + Math.max(0, size);
      return size;
    }
  }

  /** A member, which parsers may close. */
  private static final class Content extends InputStream {
    private final InputStream stream;

    Content(InputStream stream) {
      this.stream = stream;
    }

    @Override
    public int read() throws IOException {
      return stream.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return stream.read(target, offset, length);
    }
  }
}
