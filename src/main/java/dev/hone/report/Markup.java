package dev.hone.report;

import java.io.StringWriter;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes elements that are well-formed both as HTML and as XML; every text and every attribute is
 * escaped by the JDK's own writer.
 */
final class Markup {
  /** Characters that XML 1.0 does not have, lone surrogates included. */
  private static final Pattern NOT_A_CHARACTER =
      Pattern.compile(
          "[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]"
              + "|[\\uD800-\\uDBFF](?![\\uDC00-\\uDFFF])|(?<![\\uD800-\\uDBFF])[\\uDC00-\\uDFFF]");

  private final StringWriter characters = new StringWriter();
  private final Set<String> attributes = new HashSet<>();
  private final XMLStreamWriter writer;

  Markup() {
    try {
      // The JDK's own: newInstance() would take whatever writer Hadoop brings.
      writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(characters);
    } catch (XMLStreamException e) {
      throw new IllegalStateException("Cannot write markup into memory", e);
    }
  }

  /** An element around content; attributes are name, value, name, value, ... */
  Markup element(String name, Runnable content, String... attributes) {
    try {
      writer.writeStartElement(name);
      writeAttributes(attributes);
      content.run();
      writer.writeEndElement();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("Cannot write element " + name, e);
    }
    return this;
  }

  /** An element around one text. */
  Markup text(String name, String text, String... attributes) {
    return element(name, () -> characters(text), attributes);
  }

  /** An element that never has content. */
  Markup empty(String name, String... attributes) {
    try {
      writer.writeEmptyElement(name);
      writeAttributes(attributes);
    } catch (XMLStreamException e) {
      throw new IllegalStateException("Cannot write element " + name, e);
    }
    return this;
  }

  /**
   * A script that holds itself to be a CDATA section in XML, which HTML takes for two comments.
   * Nothing is escaped: never a text from data.
   */
  Markup script(String script) {
    try {
      writer.writeStartElement("script");
      writer.writeCharacters("");
      writer.flush();
      characters.write(script);
      writer.writeEndElement();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("Cannot write a script", e);
    }
    return this;
  }

  /** Whether any element has an attribute of this name so far. */
  boolean hasAttribute(String name) {
    return attributes.contains(name);
  }

  /** Text, escaped. */
  Markup characters(String text) {
    try {
      writer.writeCharacters(clean(text));
    } catch (XMLStreamException e) {
      throw new IllegalStateException("Cannot write text", e);
    }
    return this;
  }

  /** What was written. */
  String finish() {
    try {
      writer.flush();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("Cannot finish the markup", e);
    }
    return characters.toString();
  }

  private void writeAttributes(String... attributes) throws XMLStreamException {
    for (int i = 0; i < attributes.length; i += 2) {
      writer.writeAttribute(attributes[i], clean(attributes[i + 1]));
      this.attributes.add(attributes[i]);
    }
  }

  private static String clean(String text) {
    return NOT_A_CHARACTER.matcher(text).replaceAll("\uFFFD");
  }
}
