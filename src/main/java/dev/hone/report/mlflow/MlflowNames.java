package dev.hone.report.mlflow;

import dev.hone.store.Digests;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes names and values that every MLflow server takes: names of up to 250 letters, digits and a
 * few signs that are no other name when read as a path; parameters of up to 6,000 characters and
 * tags of up to 8,000. The limits are those of mlflow/utils/validation.py.
 */
public final class MlflowNames {
  private static final int LONGEST_NAME = 250;
  private static final int LONGEST_PARAMETER = 6000;
  private static final int LONGEST_TAG = 8000;
  private static final int HASH = 8;
  private static final String CUT = "...";
  private static final Pattern REFUSED = Pattern.compile("[^A-Za-z0-9_. -]");

  private MlflowNames() {}

  /** A name without a slash in it. */
  public static String part(String text) {
    String taken = REFUSED.matcher(text).replaceAll("_");
    boolean isPath = taken.isEmpty() || taken.equals(".") || taken.equals("..");
    return shortened(isPath ? "_" : taken, text);
  }

  /** A name of several parts with slashes between them, by which MLflow's pages group metrics. */
  public static String path(List<String> parts) {
    String path = parts.stream().map(MlflowNames::part).collect(Collectors.joining("/"));
    return path.length() <= LONGEST_NAME ? path : shortened(path, String.join("/", parts) + "/");
  }

  /** A hash of the whole name keeps two names apart that are one without what was taken out. */
  private static String shortened(String taken, String whole) {
    if (taken.equals(whole) && taken.length() <= LONGEST_NAME) {
      return taken;
    }
    String kept = taken.substring(0, Math.min(taken.length(), LONGEST_NAME - HASH - 1));
    return kept + "-" + Digests.ofText(whole).substring(0, HASH);
  }

  /** A parameter's value, its end cut off where it is too long. */
  public static String parameterValue(String text) {
    return cut(text, LONGEST_PARAMETER);
  }

  /** A tag's value, its end cut off where it is too long. */
  public static String tagValue(String text) {
    return cut(text, LONGEST_TAG);
  }

  private static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - CUT.length();
    // Half a character beyond the basic plane is no text.
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
  }
}
