package dev.hone.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectedTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "local                   | '' | 0 | true",
        "local[*]                | '' | 0 | true",
        "local[2,3]              | spark.executor.instances=7 | 0 | true",
        "local-cluster[3,1,1024] | '' | 3 | true",
        "yarn                    | '' | 2 | true",
        "k8s://https://h:6443    | spark.executor.instances=4 | 4 | true",
        "spark://h:7077          | '' | 1 | false",
        "spark://h:7077          | spark.cores.max=8;spark.executor.cores=4 | 2 | true",
        "yarn                    | spark.dynamicAllocation.enabled=true | 1 | false",
      })
  void executorsFollowFromMasterAndSettings(
      String master, String settings, int executors, boolean exact) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    for (String setting : settings.split(";")) {
      if (!setting.isEmpty()) {
        conf.set(setting.split("=")[0], setting.split("=")[1]);
      }
    }

    assertThat(Expected.of(conf)).isEqualTo(new Expected(executors, exact));
  }
}
