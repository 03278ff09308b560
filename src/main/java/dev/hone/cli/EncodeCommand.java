package dev.hone.cli;

import dev.hone.chain.Chain;
import dev.hone.chain.TextSource;
import dev.hone.config.RunConfig;
import dev.hone.encode.EncoderSpec;
import dev.hone.encode.OutputFolder;
import dev.hone.encode.StoredForm;
import dev.hone.encode.TableEncoding;
import dev.hone.encode.VectorPrecision;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.ModelSource;
import dev.hone.pipeline.StageContext;
import dev.hone.store.LocalCache;
import dev.hone.text.TextRole;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Encodes a text column of any source into a Parquet folder (id, vector). */
@Command(
    name = "encode",
    mixinStandardHelpOptions = true,
    description = "encodes a text column of any Spark source into Parquet (id, vector)")
final class EncodeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(EncodeCommand.class);

  @Mixin private RunOptions options;

  @Option(names = "--input", required = true, paramLabel = "F", description = "what to read")
  private String input;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "any Spark data source (default: as the input's name ends)")
  private String format;

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "an option of the format; schema: columns and types as DDL, else inferred")
  private Map<String, String> formatOptions = new TreeMap<>();

  @Option(
      names = "--text-column",
      required = true,
      paramLabel = "C",
      description = "the texts; a row without one is an error, an empty one is encoded")
  private String textColumn;

  @Option(
      names = "--id-column",
      paramLabel = "I",
      description = "the ids (default: the rows' positions, from 0)")
  private String idColumn;

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "a new folder")
  private String output;

  @Option(
      names = "--model",
      paramLabel = "M",
      description = "builtin:NAME or a model folder (default: the configuration's model)")
  private String model;

  @Option(
      names = "--as",
      paramLabel = "query|document",
      defaultValue = "document",
      description = "which prompt of the model stands before the texts (default: document)")
  private TextRole role;

  @Option(
      names = "--dim",
      paramLabel = "D",
      description =
          "keeps the first D dimensions, at length 1 where the model normalizes (default: all)")
  private Integer dimensions;

  @Option(
      names = "--precision",
      paramLabel = "fp32|fp16|int8|binary",
      defaultValue = "fp32",
      description =
          "fp32: array of floats; fp16: bytes, little-endian halves; int8: array of bytes, steps of"
              + " each dimension's range, which stands in _ranges.json; binary: bytes, one bit per"
              + " dimension, as numpy.packbits(vector > 0) (default: fp32)")
  private VectorPrecision precision;

  @Override
  public Integer call() {
    RunConfig config = options.load();
    TextSource source =
        new TextSource(
            input,
            format == null ? TextSource.formatOf(input) : format,
            formatOptions,
            textColumn,
            Optional.ofNullable(idColumn));
    OutputFolder folder = OutputFolder.at(output, Session.hadoop());
    LocalCache cache = LocalCache.ofUser();
    String name = model == null ? config.model() : model;
    ModelFolder encoding = ModelSource.resolve(name, cache, Session.hadoop());
    StoredForm form = new StoredForm(kept(encoding), encoding.normalized(), precision);
    EncoderSpec encoder =
        Chain.encoder(
            config,
            encoding,
            ModelReference.to(name, encoding),
            encoding,
            cache,
            Chain.encodingPrecision(config, cache));
    try (Session session = Session.open(config)) {
      StageContext context =
          new StageContext(
              session.spark(), session.workspace(), "encode", cache, Session.version());
      TableEncoding.Counts counts =
          new TableEncoding(context, encoder, role, form)
              .write(source.rows(session.spark()), folder);
      LOG.info(
          "encode: {} rows; {} distinct texts were encoded, {} were known; {} rows are longer than {} tokens and were cut",
          counts.rows(),
          counts.encoded(),
          counts.reused(),
          counts.truncated(),
          encoder.maxLength());
    }
    System.out.println(folder);
    return 0;
  }

  private int kept(ModelFolder encoding) {
    int all = encoding.dimension();
    if (dimensions == null) {
      return all;
    }
    if (dimensions < 1 || dimensions > all) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot keep %d dimensions: the model's vectors have %d. Choose --dim from 1 to %d."
              .formatted(dimensions, all, all));
    }
    return dimensions;
  }
}
