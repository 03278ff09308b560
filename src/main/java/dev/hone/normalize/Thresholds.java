package dev.hone.normalize;

import dev.hone.config.NormalizeConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Refuses data that the audit found to be worse than the configuration allows. */
final class Thresholds {
  private final NormalizeConfig options;

  Thresholds(NormalizeConfig options) {
    this.options = options;
  }

  /**
   * Checks all findings.
   *
   * @param rejects where the rejects of this try lie
   * @param page the page about the data
   * @throws HoneException with every data set that is refused and why
   */
  void check(List<Finding> findings, String rejects, String page) {
    String problems =
        findings.stream()
            .flatMap(finding -> problem(finding).stream())
            .collect(Collectors.joining("\n"));
    if (!problems.isEmpty()) {
      throw new HoneException(
          ErrorCode.INPUT,
          "%s\nEach reject with its position and reason stands in %s, what was found in the data in %s. Nothing is published."
              .formatted(problems, rejects, page));
    }
  }

  private Optional<String> problem(Finding finding) {
    if (finding.check().startsWith(RejectCounts.CHECK)) {
      return rejects(finding);
    }
    return switch (finding.check()) {
      case "leakage" ->
          above(
              finding,
              options.maxLeakage(),
              "texts of test queries and their answers stand in training rows",
              "normalize.max-leakage",
              "Split by what repeats (split.by), or raise it.");
      case "truncation" ->
          above(
              finding,
              options.maxTruncation(),
              "documents have more tokens than the model sees",
              "normalize.max-truncation",
              "Cut documents by normalize.chunk-tokens, or raise it.");
      default -> Optional.empty();
    };
  }

  private Optional<String> rejects(Finding finding) {
    if (finding.lookedAt() == 0) {
      return Optional.of(
          "Cannot use data set %s: %s has no record that where lets through."
              .formatted(finding.dataset(), source(finding)));
    }
    return above(
        finding,
        options.maxRejectShare(),
        isOnly(finding)
            ? "records were refused"
            : "records of " + source(finding) + " were refused",
        "normalize.max-reject-share",
        "Mend the source, or raise it.");
  }

  private static boolean isOnly(Finding finding) {
    return finding.check().equals(RejectCounts.CHECK);
  }

  private static String source(Finding finding) {
    return isOnly(finding)
        ? "its source"
        : finding.check().substring(RejectCounts.CHECK.length() + 1);
  }

  private static Optional<String> above(
      Finding finding, double most, String what, String key, String mend) {
    if (!(finding.share() > most)) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "Cannot use data set %s: %d of %d %s, a share of %.4f, above %s = %s. %s",
            finding.dataset(),
            finding.count(),
            finding.lookedAt(),
            what,
            finding.share(),
            key,
            most,
            mend));
  }
}
