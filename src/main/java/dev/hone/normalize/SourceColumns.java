package dev.hone.normalize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.conv;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.DatasetConfig;
import dev.hone.config.Html;
import dev.hone.config.NormalizeConfig;
import dev.hone.config.SplitConfig;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.jsoup.Jsoup;

/** Expressions that every type of data set is made with: cleaned texts, ids, splits, problems. */
final class SourceColumns {
  private static final int ID_LENGTH = 32;
  private static final double HASHES = 0x1p32;

  /** What a decoder puts where it cannot decode. */
  private static final String UNDECODED = "\uFFFD";

  private static final String NOT_UTF_8 =
      " is not valid UTF-8: it has a character that cannot be decoded; if the file has another"
          + " encoding, name it in source.options { encoding = ... }";
  private static final UserDefinedFunction CLEAN =
      udf(
          (UDF1<String, String>) text -> text == null ? null : NormalRows.clean(text),
          DataTypes.StringType);

  /** What a browser shows of HTML; a text without tags stays as it is but for references. */
  private static final UserDefinedFunction STRIP =
      udf(
          (UDF1<String, String>) html -> html == null ? null : Jsoup.parse(html).text(),
          DataTypes.StringType);

  private SourceColumns() {}

  /** A column's value as a cleaned text, without HTML where the options say so. */
  static Column clean(Column text, NormalizeConfig options) {
    Column written = text.cast(DataTypes.StringType);
    return CLEAN.apply(options.html() == Html.STRIP ? STRIP.apply(written) : written);
  }

  /** SHA-256 of a text's UTF-8 bytes. */
  static Column hash(Column text) {
    return sha2(text.cast(DataTypes.BinaryType), 256);
  }

  /** An id made of a text's content. */
  static Column contentId(String prefix, Column text) {
    return concat(lit(prefix), substring(hash(text), 1, ID_LENGTH));
  }

  /**
   * The id of a group that the data bring, such as an intent; null where a row names none. No group
   * of near-duplicates, and none of another data set, has it.
   */
  static Column groupId(String dataset, Column group) {
    Column name = CLEAN.apply(group.cast(DataTypes.StringType));
    return when(length(name).gt(0), contentId("g-", concat(lit(dataset + "\n"), name)));
  }

  /** Why a cleaned text is refused, or null. */
  static Column problem(Column name, Column text, NormalizeConfig options) {
    return when(text.isNull(), concat(name, lit(" is missing")))
        .when(text.contains(UNDECODED), concat(name, lit(NOT_UTF_8)))
        .when(length(text).equalTo(0), concat(name, lit(" is empty")))
        .when(
            length(text).lt(options.minLength()),
            concat(
                name,
                lit(" has "),
                length(text),
                lit(" characters, fewer than normalize.min-length = " + options.minLength())))
        .when(
            length(text).gt(options.maxLength()),
            concat(
                name,
                lit(" has "),
                length(text),
                lit(" characters, more than normalize.max-length = " + options.maxLength())));
  }

  /** The first of several problems; what cannot be parsed is the first of all. */
  static Column firstProblem(Column... problems) {
    Column corrupt = when(col(SourceRows.CORRUPT).isNotNull(), lit("the record cannot be parsed"));
    return coalesce(corrupt, coalesce(problems));
  }

  /** The domain that a row names, else its data set's. */
  static Column domain(Dataset<Row> rows, DatasetConfig dataset) {
    Column own = lit(dataset.domain());
    return Arrays.asList(rows.columns()).contains("domain")
        ? coalesce(col("domain").cast(DataTypes.StringType), own)
        : own;
  }

  /** A row's split: by its path, by the configured column, or by the hash of its key. */
  static Column split(DatasetConfig dataset, Column key) {
    if (dataset.source().namesSplits()) {
      return col(SourceRows.SPLIT);
    }
    if (!dataset.split().column().isBlank()) {
      return splitNamed(expr(dataset.split().column()));
    }
    return splitOf(coalesce(key.cast(DataTypes.StringType), lit("")), dataset.split());
  }

  /** The split that a key's hash gives: adding rows never moves old ones. */
  static Column splitOf(Column key, SplitConfig split) {
    Column hash = substring(hash(concat(lit("split "), key)), 1, 8);
    Column place = conv(hash, 16, 10).cast(DataTypes.DoubleType).divide(HASHES);
    return when(place.lt(split.train()), "train")
        .when(place.lt(split.train() + split.validation()), "validation")
        .otherwise("test");
  }

  /** The split that a word names; {@code none} where it names none. */
  static Column splitNamed(Column word) {
    Column name = lower(trim(word.cast(DataTypes.StringType)));
    return when(name.isin("train", "training"), "train")
        .when(name.isin("validation", "valid", "val", "dev", "development"), "validation")
        .when(name.isin("test", "testing"), "test")
        .otherwise("none");
  }

  /** Of several splits of one query the strictest: test before validation before train. */
  static String strictest(String column) {
    return "element_at(array('none', 'train', 'validation', 'test'), "
        + "1 + max(case %s when 'train' then 1 when 'validation' then 2 when 'test' then 3 else 0 end))"
            .formatted(column);
  }
}
