package sightline;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
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
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.driver.DeviceFacts;
import sightline.kernels.cuda.driver.DriverStatus;

/** Arrows point down only: pipeline, operators, {kernels, sensors}, config; and within the CUDA engine. */
class ArrowsBetweenRoomsTest {
    private static final String DRIVER = "sightline.kernels.cuda.driver";

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
                onlyIn(DRIVER, "jcuda.."),
                onlyIn("sightline.pipeline..", "io.vertx.."));
        return Stream.concat(betweenRooms, insideCuda())
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(house)));
    }

    /** Each sees those before it alone; none sees a device but the driver's, which sees programs alone; nobody outside sees any. */
    private static Stream<ArchRule> insideCuda() {
        List<String> rooms = Stream.of("program", "pattern", "expression", "single", "half")
                .map(room -> "sightline.kernels.cuda." + room)
                .toList();
        Stream<ArchRule> upwards = IntStream.range(0, rooms.size()).mapToObj(i -> {
            Stream<String> above = rooms.stream().skip(i + 1);
            return onlyBelow(
                    rooms.get(i), Stream.concat(above, Stream.of(DRIVER, "sightline.kernels.cuda", "jcuda..")));
        });
        Stream<String> lowerings = rooms.stream().skip(1);
        ArchRule driver = onlyBelow(DRIVER, Stream.concat(lowerings, Stream.of("sightline.kernels.cuda")));
        ArchRule hidden = onlyIn("sightline.kernels.cuda..", rooms.toArray(String[]::new));
        return Stream.concat(upwards, Stream.of(driver, hidden, driverIsHidden()))
                .map(rule -> rule.allowEmptyShould(false));
    }

    private static ArchRule onlyBelow(String room, Stream<String> above) {
        return noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(above.toArray(String[]::new));
    }

    /** But for what the engine's callers are told. */
    private static ArchRule driverIsHidden() {
        return noClasses()
                .that()
                .resideOutsideOfPackage("sightline.kernels.cuda..")
                .should()
                .dependOnClassesThat(resideInAPackage(DRIVER)
                        .and(not(belongToAnyOf(CudaFailure.class, DriverStatus.class, DeviceFacts.class))))
                .as("what drives a device is seen by the CUDA engine alone");
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
