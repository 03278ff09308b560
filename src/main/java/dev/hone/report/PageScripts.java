package dev.hone.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The scripts that draw a page's plots, in the page itself; no other may run there. */
final class PageScripts {
  private static final List<String> SCRIPTS =
      List.of(script("echarts/echarts.common.min.js"), script("plots.js"));

  private PageScripts() {}

  /** The sources that a content security policy allows: exactly these scripts, by their digests. */
  static String sources() {
    return SCRIPTS.stream()
        .map(script -> "'sha256-" + sha256(script) + "'")
        .collect(Collectors.joining(" "));
  }

  static void write(Markup page) {
    SCRIPTS.forEach(page::script);
  }

  /** Without what would end a script in HTML, or the section around it in XML. */
  private static String script(String name) {
    String script = resource(name).replace("\r\n", "\n").replace("]]>", "]]\\u003e");
    if (script.contains("</script") || script.contains("<!--")) {
      throw new IllegalStateException("The resource dev/hone/report/" + name + " holds markup");
    }
    return "//<![CDATA[\n" + script + "\n//]]>";
  }

  /** The text of a resource beside this class. */
  static String resource(String name) {
    try (InputStream file = PageScripts.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("The resource dev/hone/report/" + name + " is missing");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the resource dev/hone/report/" + name, e);
    }
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }
}
