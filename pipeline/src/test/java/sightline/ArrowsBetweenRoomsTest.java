package sightline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Arrows point down only: pipeline, operators, {kernels, sensors}, config; and within the CUDA engine. */
class ArrowsBetweenRoomsTest {
    @TestFactory
    Stream<DynamicTest> arrowsPointDownOnly() {
        JavaClasses house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("sightline");
        Stream<ArchRule> betweenRooms = Stream.of(
                never("config", "sensors", "kernels", "operators", "pipeline"),
                never("sensors", "kernels", "operators", "pipeline"),
                never("kernels", "sensors", "operators", "pipeline"),
                never("operators", "pipeline"),
                never("operators", "sensors.kafka", "sensors.broker"),
                outside("kernels", "org.apache.kafka..", "reactor..", "io.vertx.."),
                outside("operators", "org.apache.kafka..", "io.vertx.."),
                outside("config", "org.apache.kafka..", "reactor..", "io.vertx.."),
                onlyIn("sightline.kernels.cuda", "jcuda.."),
                onlyIn("sightline.pipeline..", "io.vertx.."));
        return Stream.concat(betweenRooms, insideCuda())
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(house)));
    }

    /** Each sees those before it alone, none a device, and nobody outside sees any. */
    private static Stream<ArchRule> insideCuda() {
        List<String> rooms = Stream.of("program", "pattern", "expression", "single", "half")
                .map(room -> "kernels.cuda." + room)
                .toList();
        Stream<ArchRule> upwards = IntStream.range(0, rooms.size()).mapToObj(i -> {
            Stream<String> above = rooms.stream().skip(i + 1).map(room -> "sightline." + room + "..");
            return outside(
                    rooms.get(i),
                    Stream.concat(above, Stream.of("sightline.kernels.cuda", "jcuda.."))
                            .toArray(String[]::new));
        });
        String[] all = rooms.stream().map(room -> "sightline." + room + "..").toArray(String[]::new);
        return Stream.concat(upwards, Stream.of(onlyIn("sightline.kernels.cuda..", all)))
                .map(rule -> rule.allowEmptyShould(false));
    }

    private static ArchRule never(String room, String... above) {
        String[] packages = Stream.of(above).map(a -> "sightline." + a + "..").toArray(String[]::new);
        return outside(room, packages);
    }

    private static ArchRule outside(String room, String... packages) {
        return noClasses()
                .that()
                .resideInAPackage("sightline." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .allowEmptyShould(true);
    }

    private static ArchRule onlyIn(String home, String... libraries) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries)
                .allowEmptyShould(true);
    }
}
