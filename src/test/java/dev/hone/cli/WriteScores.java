package dev.hone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.TextPair;
import dev.hone.torch.PairScorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Writes Hone's scores by many cross-encoders, in one process, for Python to compare with.
 *
 * <p>Each line of the plan is a JSON object: {@code model}, {@code pairs} (a file of pairs of
 * texts) and {@code result}, the JSON file to write: scores of all pairs {@code together}, and of
 * each one {@code alone}.
 */
public final class WriteScores {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WriteScores() {}

  /** Arguments: a folder for archives, the plans. */
  public static void main(String[] arguments) throws Exception {
    LocalCache cache = LocalCache.at(Path.of(arguments[0]));
    for (String plan : List.of(arguments).subList(1, arguments.length)) {
      for (String line : Files.readAllLines(Path.of(plan))) {
        follow(JSON.readTree(line), cache);
      }
    }
  }

  private static void follow(JsonNode order, LocalCache cache) throws Exception {
    List<TextPair> pairs = new ArrayList<>();
    JSON.readTree(Path.of(order.get("pairs").asText()).toFile())
        .forEach(pair -> pairs.add(new TextPair(pair.get(0).asText(), pair.get(1).asText())));
    try (PairScorer scorer =
        PairScorer.open(
            ModelSource.crossEncoder(order.get("model").asText(), cache, new Configuration()),
            1,
            Precision.FP32,
            cache)) {
      List<Float> alone = new ArrayList<>();
      pairs.forEach(pair -> alone.add(scorer.score(List.of(pair)).scores()[0]));
      JSON.writeValue(
          Path.of(order.get("result").asText()).toFile(),
          Map.of("together", scorer.score(pairs).scores(), "alone", alone));
    }
  }
}
