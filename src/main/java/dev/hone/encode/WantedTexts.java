package dev.hone.encode;

import dev.hone.pipeline.StageContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Texts that are looked up in what is published, once it is clear how many rows that takes. */
@FunctionalInterface
interface WantedTexts {
  /**
   * The texts.
   *
   * @param extent of them and of what they are looked up in
   * @return prompt, roles (those that the text is wanted for), content_hash, text, and what else is
   *     to be returned with them; each prompt and hash once
   */
  Dataset<Row> in(StageContext context, Extent extent);
}
