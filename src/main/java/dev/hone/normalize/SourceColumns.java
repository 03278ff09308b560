package dev.hone.normalize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.conv;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.replace;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.DatasetConfig;
import dev.hone.config.Html;
import dev.hone.config.NormalizeConfig;
import dev.hone.config.SplitConfig;
import dev.hone.normalize.source.SourceRows;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Expressions that every type of data set is made with: cleaned texts, ids, splits, problems. */
final class SourceColumns {
  private static final int ID_LENGTH = 32;
  private static final double HASHES = 0x1p32;

  /** What a decoder puts where it cannot decode; it may also stand in a file as it is. */
  static final String UNDECODED = "\uFFFD";

  /** A text in which more than one in so many characters is undecoded has another encoding. */
  private static final int DECODED_PER_UNDECODED = 200;

  private static final String NOT_UTF_8 =
      " is not valid UTF-8: more than one in 200 of its characters cannot be decoded; if the file"
          + " has another encoding, name it in source.options { encoding = ... }";

  /** Characters of a value that a message shows. */
  private static final int SHOWN = 80;

  private SourceColumns() {}

  /** A column's value as a cleaned text, without HTML where the options say so. */
  static Column clean(Column text, NormalizeConfig options) {
    Cleaning cleaning = new Cleaning(options.maxLength(), options.html() == Html.STRIP);
    return udf(cleaning, DataTypes.StringType).apply(written(text, options));
  }

  /** A column's value as a text, of which no more is carried along than cleaning looks at. */
  static Column written(Column text, NormalizeConfig options) {
    return text.cast(DataTypes.StringType).substr(1, Cleaning.looksAt(options.maxLength()));
  }

  /** An id as the source has it, without space around it; null where there is none. */
  static Column id(Column id) {
    return nullif(trim(id.cast(DataTypes.StringType)), lit(""));
  }

  /** A value as a message shows it: its beginning, without control characters. */
  static Column shown(Column value) {
    return regexp_replace(substring(value.cast(DataTypes.StringType), 1, SHOWN), "\\p{Cc}", " ");
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
    Cleaning whole = new Cleaning(Integer.MAX_VALUE - 1, false);
    Column name = udf(whole, DataTypes.StringType).apply(group.cast(DataTypes.StringType));
    return when(length(name).gt(0), contentId("g-", concat(lit(dataset + "\n"), name)));
  }

  /** Why a cleaned text is refused, or null. */
  static Column problem(Column name, Column text, NormalizeConfig options) {
    return when(text.isNull(), concat(name, lit(" is missing")))
        .when(
            length(text)
                .minus(length(replace(text, lit(UNDECODED), lit(""))))
                .multiply(DECODED_PER_UNDECODED)
                .gt(length(text)),
            concat(name, lit(NOT_UTF_8)))
        .when(
            length(regexp_replace(text, "\\p{Cf}", "")).equalTo(0), concat(name, lit(" is empty")))
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
                lit(" has more characters than normalize.max-length = " + options.maxLength())));
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
