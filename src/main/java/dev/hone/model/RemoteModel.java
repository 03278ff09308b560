package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Digests;
import dev.hone.store.LocalCache;
import dev.hone.store.RemoteFile;
import dev.hone.store.RemoteFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * A model folder on S3A or HDFS: what its model needs is copied once into the local cache, and
 * again whenever a file there has changed.
 */
final class RemoteModel {
  private static final String MODULES = "modules.json";
  private static final Pattern MODULE_PATH = Pattern.compile("\\w[\\w.-]*(/\\w[\\w.-]*)*");

  /** No model has settings or a vocabulary of this size: it is data that lies beside one. */
  private static final long LARGEST_SMALL = 256L << 20;

  /**
   * Settings, vocabularies, the model card and licences; graphs and pickles stay where they are.
   */
  private static final Pattern SMALL =
      Pattern.compile("(?i).*\\.(json|txt|model|md)|(LICENSE|LICENCE|NOTICE).*");

  private final String uri;
  private final RemoteFolder folder;

  private RemoteModel(String uri, RemoteFolder folder) {
    this.uri = uri.replaceFirst("/+$", "");
    this.folder = folder;
  }

  /**
   * The local copy of a folder.
   *
   * @throws HoneException if there is no such folder, or it holds no weights that can be read
   */
  static Path copy(String uri, LocalCache cache, Configuration hadoop) {
    RemoteModel model = new RemoteModel(uri, RemoteFolder.open(uri, hadoop));
    List<RemoteFile> files = model.files();
    String key = Digests.ofText(model.uri + files).substring(0, 20);
    return cache.entry(
        "remote-model-" + key,
        target -> {
          model.folder.copy(files, target);
          if (!model.files().equals(files)) {
            throw new HoneException(
                ErrorCode.STORAGE,
                "Cannot copy the model folder "
                    + uri
                    + ": it changed meanwhile. Run the same command again once it is complete.");
          }
        });
  }

  private List<RemoteFile> files() {
    List<RemoteFile> files = new ArrayList<>(files(""));
    if (files.stream().anyMatch(file -> file.path().equals(MODULES))) {
      Set<String> parts = new TreeSet<>();
      json(MODULES).forEach(module -> parts.add(module.path("path").asText()));
      parts.remove("");
      for (String part : parts) {
        if (!MODULE_PATH.matcher(part).matches()) {
          throw refused("its modules.json names the folder '" + part + "'", null);
        }
        files.addAll(files(part));
      }
    }
    return files;
  }

  private List<RemoteFile> files(String part) {
    List<RemoteFile> listed = folder.list(part);
    String before = part.isEmpty() ? "" : part + "/";
    List<String> names =
        listed.stream().map(file -> file.path().substring(before.length())).toList();
    Set<String> weights = weights(before, names);
    if (weights.isEmpty()) {
      WeightFiles.refusePickle(uri, names);
    }
    return listed.stream()
        .filter(
            file -> {
              String name = file.path().substring(before.length());
              return weights.contains(name)
                  || (SMALL.matcher(name).matches() && file.size() <= LARGEST_SMALL);
            })
        .toList();
  }

  private Set<String> weights(String before, List<String> names) {
    if (names.contains(WeightFiles.SINGLE)) {
      return Set.of(WeightFiles.SINGLE);
    }
    Set<String> shards = new TreeSet<>();
    if (names.contains(WeightFiles.INDEX)) {
      json(before + WeightFiles.INDEX)
          .path("weight_map")
          .forEach(shard -> shards.add(shard.asText()));
    }
    return shards;
  }

  private JsonNode json(String file) {
    try {
      return new ObjectMapper().readTree(folder.read(file));
    } catch (IOException e) {
      throw refused(file + " is not JSON: " + e.getMessage(), e);
    }
  }

  private HoneException refused(String why, Exception cause) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot use the model folder %s: %s. Copy or save it again.".formatted(uri, why),
        cause);
  }
}
