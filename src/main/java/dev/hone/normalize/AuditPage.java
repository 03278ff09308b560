package dev.hone.normalize;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes the page that people read of what normalize kept, refused and found. */
@FunctionalInterface
public interface AuditPage {
  /** Name of the artifact that holds the page. */
  String ARTIFACT = "page";

  /** Name of the page's file in the artifact. */
  String FILE = "data.html";

  /**
   * The page as HTML.
   *
   * @param form what the try wrote
   * @param audit rows of {@code audit}
   */
  String html(WrittenForm form, Dataset<Row> audit);
}
