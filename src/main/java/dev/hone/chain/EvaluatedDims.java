package dev.hone.chain;

import dev.hone.config.EvaluateConfig;
import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.model.ModelFolder;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In how many dimensions the models of a run are measured. */
final class EvaluatedDims {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluatedDims.class);

  private final List<Integer> asked;

  private EvaluatedDims(List<Integer> asked) {
    this.asked = asked;
  }

  /**
   * Those of {@link EvaluateConfig#dims}, or by default those that training looks at.
   *
   * @param base the model that the run tunes or measures
   * @throws HoneException if one is above the model's
   */
  static EvaluatedDims of(RunConfig config, ModelFolder base) {
    List<Integer> trained =
        Chain.trained(config).isEmpty() ? List.of() : config.train().loss().matryoshkaDims();
    List<Integer> asked = config.evaluate().dims().orElse(trained);
    if (asked.stream().anyMatch(dim -> dim > base.dimension())) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "hone.evaluate.dims is %s, but the vectors of %s have %d dimensions: leave out what is above."
              .formatted(asked, base.path(), base.dimension()));
    }
    return new EvaluatedDims(asked);
  }

  /** Those of one model, descending; all of its dimensions come first. */
  List<Integer> of(String name, ModelFolder folder) {
    int most = folder.dimension();
    List<Integer> above = asked.stream().filter(dim -> dim > most).toList();
    if (!above.isEmpty()) {
      LOG.info("  {} has {} dimensions: not measured in {}", name, most, above);
    }
    return Stream.concat(Stream.of(most), asked.stream().filter(dim -> dim < most))
        .distinct()
        .sorted(Comparator.reverseOrder())
        .toList();
  }
}
