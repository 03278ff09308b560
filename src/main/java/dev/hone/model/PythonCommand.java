package dev.hone.model;

/** Commands that a message hands to people whose folder has to be converted in Python first. */
final class PythonCommand {
  private PythonCommand() {}

  /** Writes a folder of safetensors beside one of pickles. */
  static String convertWeights(String folder) {
    return "python -c \"import sys; from sentence_transformers import SentenceTransformer as S;"
        + " S(sys.argv[1]).save_pretrained(sys.argv[2])\" "
        + quoted(folder)
        + " "
        + quoted(folder + "-safetensors");
  }

  /** Writes a tokenizer.json into a folder. */
  static String convertTokenizer(String folder) {
    return "python -c \"import sys; from transformers import AutoTokenizer as T;"
        + " T.from_pretrained(sys.argv[1]).save_pretrained(sys.argv[1])\" "
        + quoted(folder);
  }

  /** A shell's word, whatever it holds. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
