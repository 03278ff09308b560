package dev.hone.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.round;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;

/**
 * How difficult the negatives of a row may be as training goes on: c(p), a function of progress
 * alone. Update t of T, from 0, has progress t / T.
 *
 * <ul>
 *   <li>{@code none}: there is no limit.
 *   <li>{@code linear}: c(p) = p.
 *   <li>{@code stepped}: c(p) is 1/3 in the first third of the updates, 2/3 in the second, then 1.
 *   <li>anything else is a Spark SQL expression over the column {@code progress}, a DOUBLE.
 * </ul>
 */
public final class Curriculum {
  private static final String NONE = "none";
  private static final int POINTS = 1_000;
  private static final String PROGRESS = "progress";
  private static final String CEILING = "ceiling";

  private final String setting;
  private final String expression;

  private Curriculum(String setting, String expression) {
    this.setting = setting;
    this.expression = expression;
  }

  /**
   * The curriculum of a configuration; an expression is not looked at before {@link #check}.
   *
   * @param setting the value of {@code train.curriculum}
   */
  public static Curriculum of(String setting) {
    return new Curriculum(
        setting,
        switch (setting) {
          case "linear" -> PROGRESS;
          case "stepped" ->
              "case when progress < 1D / 3 then 1D / 3 when progress < 2D / 3 then 2D / 3 else 1D end";
          default -> setting;
        });
  }

  /** Whether all negatives are used from the first update on. */
  boolean isNone() {
    return setting.equals(NONE);
  }

  /** What is set, for a digest. */
  String setting() {
    return setting;
  }

  /**
   * Tries the curriculum at 0, 0.001, ..., 1.
   *
   * @throws HoneException if it is no expression over progress that gives a number at each
   */
  public void check(SparkSession spark) {
    if (!isNone()) {
      evaluated(spark, POINTS + 1, POINTS);
    }
  }

  /**
   * What each update allows.
   *
   * @param updates T, at least 1
   * @return step INT from 0 to T - 1, ceiling DOUBLE
   * @throws HoneException as {@link #check}
   */
  Dataset<Row> ceilings(SparkSession spark, int updates) {
    return evaluated(spark, updates, updates)
        .select(round(col(PROGRESS).multiply(updates)).cast("int").as("step"), col(CEILING));
  }

  /** The expression sees nothing but progress: i / whole for i from 0 to count - 1. */
  private Dataset<Row> evaluated(SparkSession spark, int count, int whole) {
    Dataset<Row> progress =
        spark.range(count).select(col("id").cast("double").divide(whole).as(PROGRESS));
    try {
      Dataset<Row> values = progress.select(col(PROGRESS), expr(expression).as(CEILING));
      checkShape(values);
      Dataset<Row> ceilings =
          values.select(col(PROGRESS), col(CEILING).cast("double").as(CEILING)).localCheckpoint();
      checkNumbers(ceilings);
      return ceilings;
    } catch (HoneException e) {
      throw e;
    } catch (Exception e) { // AnalysisException is checked, but Java cannot know it
      throw refused("it fails: " + message(e), e);
    }
  }

  private void checkShape(Dataset<Row> values) {
    StructField[] fields = values.schema().fields();
    if (fields.length != 2 || !(fields[1].dataType() instanceof NumericType)) {
      throw refused("it gives %s, not a number".formatted(fields[1].dataType().sql()), null);
    }
    LogicalPlan plan = values.queryExecution().analyzed();
    boolean alone = plan.deterministic() && plan.subqueriesAll().isEmpty();
    LogicalPlan below = plan;
    while (below instanceof Project project) {
      below = project.child();
    }
    if (!alone || !(below instanceof Range)) {
      throw refused(
          "it depends on more than progress (a random number, a query, or other rows)", null);
    }
  }

  private void checkNumbers(Dataset<Row> ceilings) {
    List<Row> without =
        ceilings
            .filter(col(CEILING).isNull().or(col(CEILING).equalTo(lit(Double.NaN))))
            .orderBy(PROGRESS)
            .takeAsList(1);
    for (Row first : without) {
      throw refused(
          "at progress %s it gives %s, not a number"
              .formatted(first.getDouble(0), first.isNullAt(1) ? "null" : "NaN"),
          null);
    }
  }

  private HoneException refused(String why, Exception cause) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot use train.curriculum = %s: it is none of none, linear, stepped, and as a Spark SQL expression over progress, from 0 to 1, %s. Give one such as least(1, 2 * progress)."
            .formatted(setting, why),
        cause);
  }

  /** The innermost cause's first line: Spark wraps what fails in a task. */
  private static String message(Exception failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message =
        cause instanceof AnalysisException analysis
            ? analysis.getSimpleMessage()
            : String.valueOf(cause.getMessage());
    return message.lines().filter(line -> !line.isBlank()).findFirst().orElse("").strip();
  }
}
