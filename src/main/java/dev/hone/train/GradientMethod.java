package dev.hone.train;

import dev.hone.loss.BatchLoss;
import dev.hone.text.TokenizedText;
import dev.hone.torch.Encoder;
import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;

/** How the gradients of a batch are made: the same gradients, at another price. */
public sealed interface GradientMethod extends Serializable permits OneGraph, GradientCache {
  /** Padded tokens of a chunk: large enough for the processor, small enough for memory. */
  int CHUNK_TOKENS = 8192;

  /**
   * Adds the gradients of a batch's loss to those of the encoder's parameters.
   *
   * @param encoder opened for training
   * @param texts in the order in which the loss takes their embeddings
   * @param seeds the update's
   * @return the loss
   */
  double add(Encoder encoder, List<TokenizedText> texts, BatchLoss loss, DropoutSeeds seeds);

  /** The texts of a batch as they are embedded. */
  TextChunks chunks(List<TokenizedText> texts);

  /** The settings that memory depends on, as a message goes on after "Lower". */
  String whatNeedsMemory();

  /** All that changes a result, by name. */
  SortedMap<String, Object> settings();
}
