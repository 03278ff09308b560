package dev.hone.normalize.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The elements of one name in an XML document, each written out as a document of its own. A
 * document type is not read and entities are not resolved. Where the document is not well-formed,
 * the last record is a broken one.
 */
final class XmlElements implements ArchiveMember {
  private final InputStream stream;
  private final String encoding;
  private final String tag;
  private XMLStreamReader reader;
  private boolean atEnd;

  /**
   * Elements of a document.
   *
   * @param stream stays open
   * @param encoding empty for what the document itself says
   */
  XmlElements(InputStream stream, String encoding, String tag) {
    this.stream = stream;
    this.encoding = encoding;
    this.tag = tag;
  }

  @Override
  public Optional<Value> next() throws IOException {
    if (atEnd) {
      return Optional.empty();
    }
    StringBuilder element = new StringBuilder();
    try {
      if (reader == null) {
        reader = reader(stream, encoding);
      }
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamConstants.START_ELEMENT && isRecord()) {
          write(element);
          return Optional.of(new Value(element.toString(), null));
        }
      }
    } catch (XMLStreamException e) {
      atEnd = true;
      String why = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
      return Optional.of(new Value(null, element.isEmpty() ? why : element.toString()));
    }
    atEnd = true;
    return Optional.empty();
  }

  private static XMLStreamReader reader(InputStream stream, String encoding)
      throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    return factory.createXMLStreamReader(stream, encoding.isEmpty() ? null : encoding);
  }

  private boolean isRecord() {
    return reader.getLocalName().equals(tag);
  }

  /** Writes the element that the reader stands in, up to its end. */
  private void write(StringBuilder element) throws XMLStreamException {
    int depth = 0;
    do {
      switch (reader.getEventType()) {
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          writeStart(element);
        }
        case XMLStreamConstants.END_ELEMENT -> {
          depth--;
          element.append("</").append(reader.getLocalName()).append('>');
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            escape(element, reader.getText());
        case XMLStreamConstants.ENTITY_REFERENCE ->
            element.append('&').append(reader.getLocalName()).append(';'); // Spark refuses it
        default -> {} // comments and processing instructions are no data
      }
      if (depth > 0) {
        reader.next();
      }
    } while (depth > 0);
  }

  private void writeStart(StringBuilder element) {
    element.append('<').append(reader.getLocalName());
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      element.append(' ').append(reader.getAttributeLocalName(i)).append("=\"");
      escape(element, reader.getAttributeValue(i));
      element.append('"');
    }
    element.append('>');
  }

  private static void escape(StringBuilder element, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> element.append("&lt;");
        case '>' -> element.append("&gt;");
        case '&' -> element.append("&amp;");
        case '"' -> element.append("&quot;");
        case '\r' -> element.append("&#13;");
        default -> element.append(c);
      }
    }
  }
}
