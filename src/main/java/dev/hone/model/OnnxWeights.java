package dev.hone.model;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads a BERT encoder's weights out of an ONNX graph under their Hugging Face names.
 *
 * <p>Biases, embeddings and LayerNorms keep their names in an export. A dense weight is an unnamed,
 * transposed initializer: the one whose MatMul meets {@code X.bias} in an Add is {@code X.weight}.
 * Field numbers are those of onnx.proto.
 */
final class OnnxWeights {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_OPERATOR = 4;
  private static final int TENSOR_DIMS = 1;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW_DATA = 9;
  private static final int TENSOR_TYPE = 2;
  private static final int TYPE_FLOAT = 1;

  private final Map<String, Tensor> initializers = new HashMap<>();
  private final Map<String, Node> producers = new HashMap<>();
  private final List<Node> additions = new ArrayList<>();

  private record Node(String operator, List<String> inputs, List<String> outputs) {}

  private OnnxWeights() {}

  /**
   * Reads the weights of a graph.
   *
   * @throws IOException if the stream is not an ONNX model
   */
  static SortedMap<String, Tensor> read(InputStream stream) throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(stream);
    input.setSizeLimit(Integer.MAX_VALUE);
    OnnxWeights weights = new OnnxWeights();
    message(
        input,
        (field, in) -> {
          if (field == MODEL_GRAPH) {
            nested(in, weights::graph);
            return true;
          }
          return false;
        });
    return weights.named();
  }

  /** Consumes one field and says so, or leaves it to be skipped. */
  @FunctionalInterface
  private interface FieldReader {
    boolean read(int field, CodedInputStream input) throws IOException;
  }

  private static void message(CodedInputStream input, FieldReader reader) throws IOException {
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (!reader.read(WireFormat.getTagFieldNumber(tag), input)) {
        input.skipField(tag);
      }
    }
  }

  private static void nested(CodedInputStream input, FieldReader reader) throws IOException {
    int limit = input.pushLimit(input.readRawVarint32());
    message(input, reader);
    input.popLimit(limit);
  }

  private boolean graph(int field, CodedInputStream input) throws IOException {
    switch (field) {
      case GRAPH_NODE -> node(input);
      case GRAPH_INITIALIZER -> initializer(input);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void node(CodedInputStream input) throws IOException {
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<String> operators = new ArrayList<>();
    nested(
        input,
        (field, in) -> {
          switch (field) {
            case NODE_INPUT -> inputs.add(in.readString());
            case NODE_OUTPUT -> outputs.add(in.readString());
            case NODE_OPERATOR -> operators.add(in.readString());
            default -> {
              return false;
            }
          }
          return true;
        });
    Node node = new Node(String.join("", operators), inputs, outputs);
    outputs.forEach(output -> producers.put(output, node));
    if (node.operator().equals("Add")) {
      additions.add(node);
    }
  }

  private void initializer(CodedInputStream input) throws IOException {
    List<Long> shape = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<float[]> values = new ArrayList<>();
    int[] type = new int[1];
    nested(
        input,
        (field, in) -> {
          switch (field) {
            case TENSOR_DIMS -> shape.add(in.readInt64());
            case TENSOR_TYPE -> type[0] = in.readInt32();
            case TENSOR_NAME -> names.add(in.readString());
            case TENSOR_RAW_DATA -> values.add(floats(in.readByteArray()));
            default -> {
              return false;
            }
          }
          return true;
        });
    if (type[0] == TYPE_FLOAT && values.size() == 1) {
      long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
      initializers.put(String.join("", names), new Tensor(sizes, values.get(0)));
    }
  }

  private static float[] floats(byte[] raw) {
    float[] values = new float[raw.length / 4];
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private SortedMap<String, Tensor> named() {
    SortedMap<String, Tensor> named = new TreeMap<>();
    initializers.forEach(
        (name, tensor) -> {
          if (name.endsWith(".weight") || name.endsWith(".bias")) {
            named.put(name, tensor);
          }
        });
    for (Node addition : additions) {
      for (int i = 0; i < 2; i++) {
        String bias = addition.inputs().get(i);
        Node product = producers.get(addition.inputs().get(1 - i));
        if (bias.endsWith(".bias") && product != null && product.operator().equals("MatMul")) {
          Tensor transposed = initializers.get(product.inputs().get(1));
          if (transposed != null) {
            named.put(bias.replaceAll("\\.bias$", ".weight"), transposed.transposed());
          }
        }
      }
    }
    return named;
  }
}
