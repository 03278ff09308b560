package dev.hone.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** A real S3 server over a local folder, S3Proxy in a JVM of its own, with one empty bucket. */
public final class S3Server implements AutoCloseable {
  private static final Path JAR = Path.of("target/s3proxy/s3proxy.jar");
  private static final Pattern STARTED =
      Pattern.compile("Started .*ServerConnector.*\\{127\\.0\\.0\\.1:(\\d+)}");
  private static final long LONGEST_START_SECONDS = 120;
  private static final String IDENTITY = "hone";
  private static final String CREDENTIAL = "not-a-secret";

  private final Process process;
  private final int port;
  private final String bucket;

  private S3Server(Process process, int port, String bucket) {
    this.process = process;
    this.port = port;
    this.bucket = bucket;
  }

  /** Starts a server that keeps its objects below a folder, on a free port of 127.0.0.1. */
  public static S3Server start(Path folder) throws IOException {
    // Hadoop keeps a client per bucket name: the next server's bucket must not have this one's.
    String bucket = "bucket-" + UUID.randomUUID();
    Files.createDirectories(folder.resolve("objects").resolve(bucket));
    Path properties =
        Files.writeString(
            folder.resolve("s3proxy.conf"),
            """
            s3proxy.endpoint=http://127.0.0.1:0
            s3proxy.authorization=aws-v2-or-v4
            s3proxy.identity=%s
            s3proxy.credential=%s
            jclouds.provider=filesystem-nio2
            jclouds.filesystem.basedir=%s
            """
                .formatted(IDENTITY, CREDENTIAL, folder.resolve("objects")));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-jar",
                JAR.toString(),
                "--properties",
                properties.toString())
            .redirectErrorStream(true)
            .start();
    try {
      return new S3Server(process, listeningPort(process), bucket);
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Reads the log to its end, so that the server never waits for a reader. */
  private static int listeningPort(Process process) throws IOException {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    StringBuffer seen = new StringBuffer();
    BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
    Thread reader =
        new Thread(
            () -> {
              log.lines()
                  .forEach(
                      line -> {
                        Matcher started = STARTED.matcher(line);
                        if (started.find()) {
                          port.complete(Integer.valueOf(started.group(1)));
                        } else if (!port.isDone()) {
                          seen.append(line).append('\n');
                        }
                      });
              port.completeExceptionally(new IOException("it ended"));
            },
            "s3proxy-log");
    reader.setDaemon(true);
    reader.start();
    try {
      return port.get(LONGEST_START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new IOException("S3Proxy does not listen; it said:\n" + seen, e);
    }
  }

  /** The bucket's URI, without a slash at its end. */
  public String bucket() {
    return "s3a://" + bucket;
  }

  /** What S3A needs to be told to find the server. */
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("fs.s3a.endpoint", "http://127.0.0.1:" + port);
    settings.put("fs.s3a.endpoint.region", "us-east-1");
    settings.put("fs.s3a.path.style.access", "true");
    settings.put("fs.s3a.connection.ssl.enabled", "false");
    settings.put(
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    settings.put("fs.s3a.access.key", IDENTITY);
    settings.put("fs.s3a.secret.key", CREDENTIAL);
    return settings;
  }

  /** The settings as Hadoop takes them. */
  public Configuration configuration() {
    Configuration configuration = new Configuration();
    settings().forEach(configuration::set);
    return configuration;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
