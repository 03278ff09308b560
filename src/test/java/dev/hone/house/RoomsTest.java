package dev.hone.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rooms of the house and their borders: which package may use which. */
class RoomsTest {
  private static final String ROOT = "dev.hone.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.hone");

  private static final Set<String> ENGINE =
      Set.of("ai.djl.engine..", "ai.djl.pytorch..", "ai.djl.nn..", "ai.djl.training..");

  /** What each room may use besides error, which every room may. */
  private static final Map<String, Set<String>> MAY_USE = rooms();

  private static Map<String, Set<String>> rooms() {
    Map<String, Set<String>> rooms = new TreeMap<>();
    rooms.put("error", Set.of());
    rooms.put("config", Set.of());
    rooms.put("store", Set.of());
    rooms.put("metric", Set.of());
    rooms.put("text", Set.of());
    rooms.put("model", Set.of("store"));
    rooms.put("torch", Set.of("text", "model", "store"));
    rooms.put("search", Set.of("torch", "text", "store", "config"));
    rooms.put("loss", Set.of());
    rooms.put(
        "train", Set.of("torch", "loss", "search", "metric", "model", "text", "store", "config"));
    Set<String> spark = Set.of("config", "store", "table", "pipeline");
    rooms.put("table", Set.of("config", "store"));
    rooms.put("pipeline", Set.of("config", "store", "table"));
    rooms.put("normalize.source", spark);
    rooms.put("normalize", with(spark, "normalize.source", "text"));
    rooms.put("encode", with(spark, "torch", "text", "model"));
    rooms.put("search.spark", with(spark, "search", "torch"));
    rooms.put("mine", with(spark, "encode", "search", "search.spark"));
    rooms.put("cluster", with(spark, "train", "loss", "model", "text"));
    rooms.put("evaluate", with(spark, "encode", "search", "search.spark", "metric"));
    rooms.put("report", with(spark, "metric", "model"));
    rooms.put("report.mlflow", Set.of("config", "store"));
    return rooms;
  }

  private static Set<String> with(Set<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(Arrays.asList(more));
    return Set.copyOf(all);
  }

  private static String[] packageOf(String room) {
    return MAY_USE.keySet().stream().anyMatch(other -> other.startsWith(room + "."))
        ? new String[] {ROOT + room}
        : new String[] {ROOT + room + ".."};
  }

  @TestFactory
  List<DynamicTest> roomUsesOnlyWhatItMay() {
    return MAY_USE.keySet().stream()
        .map(room -> DynamicTest.dynamicTest(room, () -> check(room)))
        .collect(Collectors.toList());
  }

  private static void check(String room) {
    String[] forbidden =
        MAY_USE.keySet().stream()
            .filter(other -> !other.equals(room) && !other.equals("error"))
            .filter(other -> !MAY_USE.get(room).contains(other))
            .map(other -> packageOf(other)[0])
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAnyPackage(packageOf(room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(packageOf(room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "chain..", ROOT + "tune..", ROOT + "doctor..", ROOT + "bench..", ROOT + "cli..")
        .check(CLASSES);
  }

  @Test
  void commandsUseWhatIsBelowThem() {
    below("chain", "tune", "doctor", "bench", "cli");
    below("tune", "doctor", "bench", "cli");
    below("doctor", "tune", "bench", "cli");
    below("bench", "tune", "doctor", "cli");
  }

  private static void below(String room, String... above) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(Stream.of(above).map(one -> ROOT + one + "..").toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void everyPackageIsARoom() {
    Set<String> found =
        CLASSES.stream()
            .map(type -> type.getPackageName().substring(ROOT.length()))
            .collect(Collectors.toSet());
    assertThat(found).isSubsetOf(with(MAY_USE.keySet(), "chain", "tune", "doctor", "bench", "cli"));
  }

  @Test
  void lowestFloorKnowsNoSpark() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + "error..",
            ROOT + "config..",
            ROOT + "store..",
            ROOT + "metric..",
            ROOT + "text..",
            ROOT + "model..",
            ROOT + "torch..",
            ROOT + "search",
            ROOT + "loss..",
            ROOT + "train..",
            ROOT + "report.mlflow..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.spark..")
        .check(CLASSES);
  }

  @Test
  void engineIsKnownToTorchAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "torch..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ENGINE.toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void httpIsSpokenWithMlflowAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "report.mlflow..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .check(CLASSES);
  }

  @Test
  void roomsAreFreeOfCycles() {
    for (String room : MAY_USE.keySet()) {
      for (String other : MAY_USE.get(room)) {
        assertThat(MAY_USE.get(other)).as("%s and %s", room, other).doesNotContain(room);
      }
    }
  }
}
