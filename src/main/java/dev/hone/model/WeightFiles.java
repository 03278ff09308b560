package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The weights of a model folder: one safetensors file, or several with an index. The headers are
 * read at once, tensors only when they are asked for.
 *
 * @param files all files of the weights, in the order that digests take them
 * @param origins by tensor, the header of the file that it lies in
 */
record WeightFiles(List<Path> files, SortedMap<String, SafetensorsHeader> origins) {
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  private static final List<String> PICKLES =
      List.of("pytorch_model.bin", "pytorch_model.bin.index.json");
  private static final int NAMES_SHOWN = 12;

  /**
   * Finds a folder's weights and reads their headers.
   *
   * @throws HoneException if there are none, or a file is missing or damaged
   */
  static WeightFiles in(Path folder) {
    if (Files.isRegularFile(folder.resolve(SINGLE))) {
      SafetensorsHeader header = SafetensorsHeader.read(folder.resolve(SINGLE));
      SortedMap<String, SafetensorsHeader> origins = new TreeMap<>();
      header.entries().keySet().forEach(name -> origins.put(name, header));
      return new WeightFiles(List.of(header.file()), origins);
    }
    if (Files.isRegularFile(folder.resolve(INDEX))) {
      return sharded(folder.resolve(INDEX));
    }
    List<String> names = names(folder);
    refusePickle(folder.toString(), names);
    throw ModelFolder.refused(
        folder,
        "it has neither %s nor %s; it has %s%s"
            .formatted(
                SINGLE,
                INDEX,
                names.isEmpty()
                    ? "no files"
                    : String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size()))),
                names.size() > NAMES_SHOWN ? " and others" : ""));
  }

  /**
   * Refuses a folder whose only weights are a pickle, which can run any code when it is read.
   *
   * @param folder the folder as its user names it
   * @param names its files, which include no safetensors
   */
  static void refusePickle(String folder, List<String> names) {
    for (String pickle : PICKLES) {
      if (names.contains(pickle)) {
        throw new HoneException(
            ErrorCode.CONFIGURATION,
            "Cannot use the model folder %s: it has no %s but a pickle, %s, which is never read, because it can run any code. Convert it on a machine with sentence-transformers, then set model to the new folder: %s"
                .formatted(folder, SINGLE, pickle, PythonCommand.convertWeights(folder)));
      }
    }
  }

  private static WeightFiles sharded(Path index) {
    Map<String, SafetensorsHeader> shards = new HashMap<>();
    SortedMap<String, SafetensorsHeader> origins = new TreeMap<>();
    for (Map.Entry<String, JsonNode> mapped : weightMap(index).properties()) {
      SafetensorsHeader shard =
          shards.computeIfAbsent(
              mapped.getValue().asText(), name -> SafetensorsHeader.read(shard(index, name)));
      if (!shard.entries().containsKey(mapped.getKey())) {
        throw Safetensors.refused(
            shard.file(),
            "tensor %s should be in it by %s, and is not among its %d tensors"
                .formatted(mapped.getKey(), INDEX, shard.entries().size()),
            "Copy or download the model again; files of two models may be mixed.");
      }
      origins.put(mapped.getKey(), shard);
    }
    List<Path> files = new ArrayList<>();
    files.add(index);
    new TreeSet<>(shards.keySet()).forEach(name -> files.add(shards.get(name).file()));
    return new WeightFiles(List.copyOf(files), origins);
  }

  private static JsonNode weightMap(Path index) {
    JsonNode map;
    try {
      map = new ObjectMapper().readTree(index.toFile()).path("weight_map");
    } catch (IOException e) {
      throw Safetensors.damaged(index, "it is not JSON: " + e.getMessage(), e);
    }
    if (!map.isObject() || map.isEmpty()) {
      throw Safetensors.damaged(index, "it should have a weight_map of tensors to files", null);
    }
    return map;
  }

  /** A shard's name is data: it names a file of this folder, whatever else it says. */
  private static Path shard(Path index, String name) {
    if (!isPlain(name)) {
      throw Safetensors.refused(
          index,
          "it names the file '%s', and only safetensors files of its own folder are read"
              .formatted(name),
          "Save the model again with save_pretrained.");
    }
    Path shard = index.resolveSibling(name);
    if (!Files.isRegularFile(shard)) {
      throw Safetensors.refused(
          index,
          "it names the file %s, which is not in the folder".formatted(name),
          "Copy or download that file.");
    }
    return shard;
  }

  static boolean isPlain(String name) {
    return name.endsWith(".safetensors")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw ModelFolder.refused(folder, "it cannot be listed: " + e);
    }
  }

  /** Shape of every tensor. */
  SortedMap<String, long[]> shapes() {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    origins.forEach((name, header) -> shapes.put(name, header.entries().get(name).shape()));
    return shapes;
  }

  /** The file that a tensor lies in, or should lie in. */
  Path fileOf(String name) {
    SafetensorsHeader header = origins.get(name);
    return header == null ? files.get(0) : header.file();
  }

  /** Reads the tensors named, which {@link #shapes()} has. */
  SortedMap<String, Tensor> read(Iterable<String> names) {
    Map<SafetensorsHeader, TreeSet<String>> byFile = new HashMap<>();
    names.forEach(
        name -> byFile.computeIfAbsent(origins.get(name), file -> new TreeSet<>()).add(name));
    SortedMap<String, Tensor> tensors = new TreeMap<>();
    byFile.forEach((header, wanted) -> tensors.putAll(Safetensors.read(header, wanted)));
    return tensors;
  }
}
