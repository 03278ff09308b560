package dev.hone.normalize.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jsoup.parser.Parser;

/**
 * The content of a document in TREC's SGML, whose collections agree on {@code DOCNO} and little
 * else: the first of several usual tags is the title, and what is neither in another column nor
 * bookkeeping is the text. A tag inside a tag of the same name ends that one: paragraphs often have
 * no end.
 */
final class SgmlDocument implements MarkedRecords.Content {
  private static final Set<String> TITLES =
      Set.of("title", "headline", "hl", "head", "ti", "ttl", "doctitle");
  private static final Set<String> AUTHORS = Set.of("author", "authors", "au", "byline");
  private static final Set<String> SOURCES = Set.of("source", "so", "bibl", "biblio");
  private static final Set<String> BOOKKEEPING =
      Set.of(
          "docno", "docid", "dochdr", "fileid", "parent", "date", "date1", "dd", "time", "profile",
          "section", "page", "length", "type", "an", "ht");

  private final StringBuilder all = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final Deque<Element> open = new ArrayDeque<>();
  private final Map<String, String> fields = new LinkedHashMap<>();
  private String title = "";
  private String authors = "";
  private String source = "";

  /** An element that is open: where its content begins, and whether that is no part of the text. */
  private record Element(String tag, int start, boolean aside) {}

  @Override
  public void open(String tag) {
    if (isOpen(tag)) {
      close(tag);
    }
    boolean inTitle = open.stream().anyMatch(element -> TITLES.contains(element.tag()));
    boolean isTitle = TITLES.contains(tag) && title.isEmpty() && !inTitle;
    boolean aside =
        isTitle || BOOKKEEPING.contains(tag) || AUTHORS.contains(tag) || SOURCES.contains(tag);
    text(" ");
    open.push(new Element(tag, all.length(), aside));
  }

  @Override
  public void close(String tag) {
    if (!isOpen(tag)) {
      return;
    }
    Element element;
    do {
      element = open.pop();
      keep(element);
    } while (!element.tag().equals(tag));
    text(" ");
  }

  private boolean isOpen(String tag) {
    return open.stream().anyMatch(element -> element.tag().equals(tag));
  }

  private void keep(Element element) {
    String content = resolved(all.substring(element.start()));
    fields.merge(element.tag(), content, SgmlDocument::joined);
    if (TITLES.contains(element.tag()) && element.aside()) {
      title = content;
    }
    if (AUTHORS.contains(element.tag())) {
      authors = joined(authors, content);
    }
    if (SOURCES.contains(element.tag())) {
      source = joined(source, content);
    }
  }

  private static String joined(String first, String second) {
    return (first + "\n" + second).strip();
  }

  private static String resolved(String content) {
    return Parser.unescapeEntities(content, true).strip();
  }

  @Override
  public void text(String written) {
    all.append(written);
    if (open.stream().noneMatch(Element::aside)) {
      text.append(written);
    }
  }

  @Override
  public TrecRecord record() {
    while (!open.isEmpty()) {
      keep(open.pop());
    }
    String id = fields.getOrDefault("docno", "");
    Map<String, String> columns =
        Map.of(
            "id",
            id,
            "title",
            title,
            "text",
            resolved(text.toString()),
            "authors",
            authors,
            "source",
            source);
    return TrecRecord.whole(columns, fields);
  }
}
