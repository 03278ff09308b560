package dev.hone.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.hone.loss.BatchLoss;
import dev.hone.text.TokenizedText;
import dev.hone.torch.Encoder;
import dev.hone.torch.GradientScope;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All texts of a batch in one graph: each is embedded once, and memory grows with the batch.
 *
 * @param chunkTokens the most padded tokens of a forward pass
 */
public record OneGraph(int chunkTokens) implements GradientMethod {
  @Override
  public double add(
      Encoder encoder, List<TokenizedText> texts, BatchLoss loss, DropoutSeeds seeds) {
    encoder.seed(seeds.ofBatch());
    TextChunks chunks = chunks(texts);
    try (NDManager scope = encoder.scope();
        GradientScope gradients = GradientScope.open()) {
      NDList embedded = new NDList();
      for (TextChunks.Chunk chunk : chunks.all()) {
        embedded.add(encoder.embed(chunk.batch(), scope));
      }
      NDArray value = loss.value(joined(embedded).get(scope.create(chunks.rowOf())));
      gradients.backward(value);
      return value.getFloat();
    }
  }

  /** One tensor alone would be copied, and the engine copies without the graph. */
  private static NDArray joined(NDList embedded) {
    return embedded.size() == 1 ? embedded.singletonOrThrow() : NDArrays.concat(embedded);
  }

  @Override
  public TextChunks chunks(List<TokenizedText> texts) {
    return TextChunks.of(texts, chunkTokens, Integer.MAX_VALUE);
  }

  @Override
  public String whatNeedsMemory() {
    return "train.batch-size (train.accumulation makes up for the size of updates, train.loss = cached-mnrl for the negatives),";
  }

  @Override
  public SortedMap<String, Object> settings() {
    return new TreeMap<>(Map.of("chunk-tokens", chunkTokens));
  }
}
