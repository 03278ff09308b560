package dev.hone.cli;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.net.BindException;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connect.service.SparkConnectService;
import org.apache.spark.sql.connect.service.SparkConnectService$;

/** Answers Spark Connect clients on this machine, each in a session of its own. */
final class ConnectServer {
  static final int PORT = 15002;
  private static final String HOST = "127.0.0.1";

  private ConnectServer() {}

  /** What a Spark that is to serve has to be started with; no other machine reaches it. */
  static Map<String, String> settings(int port) {
    return Map.of(
        "spark.connect.grpc.binding.address",
        HOST,
        "spark.connect.grpc.binding.port",
        Integer.toString(port));
  }

  /**
   * Checks that the Spark at hand can serve: a distribution may lack the jar.
   *
   * @throws HoneException if it cannot
   */
  static void check() {
    String service = "org/apache/spark/sql/connect/service/SparkConnectService.class";
    if (ConnectServer.class.getClassLoader().getResource(service) == null) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot serve: the Spark in SPARK_HOME, %s, is without Spark Connect. Put spark-connect_2.13 and spark-pipelines_2.13 of its version into its jars, or unset SPARK_HOME: the embedded Spark has them."
              .formatted(System.getenv("SPARK_HOME")));
    }
  }

  /**
   * Starts to serve in a Spark of these {@link #settings}.
   *
   * @return the address for clients
   * @throws HoneException if the port is taken
   */
  static String start(SparkSession spark, int port) {
    try {
      SparkConnectService.start(spark.sparkContext());
    } catch (Exception e) { // Scala declares no exceptions
      if (e instanceof BindException || e.getCause() instanceof BindException) {
        throw new HoneException(
            ErrorCode.CONFIGURATION,
            "Cannot serve on port %d of %s, which is taken. Give another with --port; 0 takes any that is free."
                .formatted(port, HOST),
            e);
      }
      throw e;
    }
    return "sc://%s:%d".formatted(HOST, SparkConnectService$.MODULE$.localPort());
  }

  /** Waits for the server's end, which only an interrupted process brings. */
  static void await() throws InterruptedException {
    SparkConnectService$.MODULE$.server().awaitTermination();
  }
}
