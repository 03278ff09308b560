package dev.hone.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hone.torch.Processor;
import java.util.List;

/**
 * What was found out in one process.
 *
 * @param place which process
 * @param machine Java and the machine
 * @param torch whether libtorch loads and computes
 * @param torchGpus how many GPUs libtorch can use
 * @param tokenizers whether the tokenizer library loads and works
 * @param measured whether the processor's speed could be measured
 * @param speed how fast products are in fp32 and in bf16; 0 where it could not
 * @param gpuAddresses the GPUs that Spark gives to a task here
 * @param gpuWork whether libtorch computes on them; it works where there are none
 * @param cache whether the cache can be used
 * @param cacheFree the bytes that are free there
 * @param storage whether the workspace is seen and can be written
 */
record ProcessFacts(
    Place place,
    Machine machine,
    Outcome torch,
    int torchGpus,
    Outcome tokenizers,
    Outcome measured,
    Processor.Speed speed,
    List<String> gpuAddresses,
    Outcome gpuWork,
    Outcome cache,
    long cacheFree,
    Outcome storage) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(MapperFeature.AUTO_DETECT_IS_GETTERS).build();

  ProcessFacts {
    gpuAddresses = List.copyOf(gpuAddresses);
  }

  /** As text, which travels from an executor whatever serializer Spark is told to use. */
  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ProcessFacts of(String json) {
    try {
      return JSON.readValue(json, ProcessFacts.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
