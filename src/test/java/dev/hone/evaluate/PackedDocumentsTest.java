package dev.hone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class PackedDocumentsTest {
  @Test
  void documentsOfOneQueryThatStandTogetherBecomeOneRow() {
    List<String> packed =
        packed(
            List.of(
                row("set", "q1", 0, "a", 0.5),
                row("set", "q1", 0, "ü\u0000 𝄞", -0.0),
                row("set", "q2", 0, "a", 1e300),
                row("set", "q2", 1, "", 2),
                row("other", "q2", 1, "a", 3),
                row("set", "q1", 0, "c", 4)));

    assertThat(packed)
        .containsExactly(
            "set q1 0 [a=0.5, ü\u0000 𝄞=-0.0]",
            "set q2 0 [a=1.0E300]",
            "set q2 1 [=2.0]",
            "other q2 1 [a=3.0]",
            "set q1 0 [c=4.0]");
  }

  @Test
  void anyNumberOfDocumentsAndIdsOfAnyLengthArePacked() {
    List<InternalRow> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    IntStream.range(0, 500)
        .forEach(
            i -> {
              String id = "x".repeat(i * 7) + i;
              rows.add(row("set", "q", 0, id, i));
              expected.add(id + "=" + (double) i);
            });

    assertThat(packed(rows)).containsExactly("set q 0 " + expected);
  }

  @Test
  void nothingIsPackedToNothing() {
    assertThat(packed(List.of())).isEmpty();
  }

  @Test
  void noResultIsWithoutScore() {
    InternalRow incomplete =
        new GenericInternalRow(
            new Object[] {
              UTF8String.fromString("set"),
              UTF8String.fromString("q"),
              0,
              UTF8String.fromString("a"),
              null
            });

    assertThatThrownBy(() -> packed(List.of(row("set", "q", 0, "a", 1), incomplete)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("incomplete");
  }

  /** As Spark gives them: one object whose values change. */
  private static List<String> packed(List<InternalRow> rows) {
    GenericInternalRow reused = new GenericInternalRow(5);
    Iterator<InternalRow> given =
        rows.stream()
            .map(
                row -> {
                  System.arraycopy(
                      ((GenericInternalRow) row).values(),
                      0,
                      reused.values(),
                      0,
                      reused.values().length);
                  return (InternalRow) reused;
                })
            .iterator();
    List<String> found = new ArrayList<>();
    PackedDocuments.ofRows(given).forEachRemaining(row -> found.add(text(row)));
    return found;
  }

  private static String text(Row row) {
    List<String> documents = new ArrayList<>();
    PackedDocuments.unpack((byte[]) row.get(3), (id, number) -> documents.add(id + "=" + number));
    return "%s %s %d %s"
        .formatted(utf8((byte[]) row.get(0)), utf8((byte[]) row.get(1)), row.getInt(2), documents);
  }

  private static String utf8(byte[] text) {
    return new String(text, StandardCharsets.UTF_8);
  }

  private static InternalRow row(
      String dataset, String query, int form, String document, double number) {
    return new GenericInternalRow(
        new Object[] {
          UTF8String.fromString(dataset),
          UTF8String.fromString(query),
          form,
          UTF8String.fromString(document),
          number
        });
  }
}
