package dev.hone.bench;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The public data sets on which hard negatives are tried, and how often each. */
enum NegativesData {
  /** Every training query is tested once, by a model trained on the other four folds. */
  SCIFACT(5),
  /** A fixed split, several seeds. */
  MEDQUAD(3),
  /** A fixed split, several seeds. */
  OBLIQA(3);

  private final int repetitions;

  NegativesData(int repetitions) {
    this.repetitions = repetitions;
  }

  /** What a row can be trained with here. */
  List<NegativesArm> arms() {
    return this == SCIFACT
        ? List.of(NegativesArm.values())
        : List.of(NegativesArm.PAIRS, NegativesArm.RANDOM, NegativesArm.MINED, NegativesArm.FIRST);
  }

  /** How often each arm is trained: as often as there are folds, or seeds. */
  int repetitions() {
    return repetitions;
  }

  /** Whether a repetition is a fold of the queries; otherwise it is a seed. */
  boolean isFolded() {
    return this == SCIFACT;
  }

  /** The configuration of one repetition, from 0, without what the arm adds, as HOCON. */
  String configuration(int repetition) {
    String resource = this + ".conf";
    try (InputStream stream = NegativesData.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new FileNotFoundException(resource);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .replace("FOLD", String.valueOf(repetition));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a repetition sets beside its configuration. */
  List<String> sets(int repetition) {
    return isFolded() ? List.of() : List.of("seed=" + (repetition + 1));
  }

  /**
   * Those that lie below a folder.
   *
   * @param data the value of {@code HONE_DATA}; may be null
   * @throws HoneException if none does
   */
  static List<NegativesData> below(String data) {
    List<NegativesData> found = new ArrayList<>();
    for (NegativesData one : values()) {
      if (data != null && Files.isDirectory(Path.of(data, one.toString()))) {
        found.add(one);
      }
    }
    if (found.isEmpty()) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot train on public data sets: HONE_DATA %s. Set it to a folder that holds some of scifact/, medquad/ and obliqa/ (conf/data says where to get them)."
              .formatted(data == null ? "is not set" : "is " + data + ", which has none"));
    }
    return found;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
