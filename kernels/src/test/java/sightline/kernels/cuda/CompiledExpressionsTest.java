package sightline.kernels.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.kernels.cuda.driver.DriverProbe;
import sightline.kernels.cuda.half.Chooser;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.cuda.program.Step;
import sightline.kernels.cuda.single.CoatUpdates;
import sightline.kernels.grad.Fp8Activations;
import sightline.kernels.graph.Graph;
import sightline.kernels.openness.LinearTransformer;
import sightline.kernels.train.TrainableNetwork;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/** Expressions as PTX: what the assembler says of it where there is one, and what runs where the driver takes none. */
class CompiledExpressionsTest {
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
    private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill stores");
    /** Of which sixteen warps of a block and more have room on a multiprocessor. */
    private static final int MOST_REGISTERS = 128;

    private static Stream<Program> programs() {
        Graph blocks = new LinearTransformer(2, 1152, 16, 2304, 300, 32).graph(8, 32, 32);
        Graph joint = TrainableNetwork.of(blocks)
                .withFp8Activations(Fp8Activations.Extent.LEAST)
                .joint();
        Stream<Program> small = Stream.of(ParityCases.all(), HalfCases.training(), TokenCases.training())
                .flatMap(cases -> cases)
                .flatMap(parity -> Stream.of(Storage.FLOAT32, Storage.MIXED).map(s -> program(parity.graph(), s)));
        return Stream.concat(Stream.of(Lowering.training(joint, Storage.MIXED, CoatUpdates.matrices(joint))), small);
    }

    private static Program program(Graph graph, Storage storage) {
        Weights weights = RandomWeights.of(graph, 5);
        return Lowering.program(graph, name -> weights.find(name).orElseThrow(), storage, Chooser.FIRST);
    }

    private static Path assembler() {
        for (String place : List.of("/usr/local/bin/ptxas", "/usr/local/cuda/bin/ptxas")) {
            if (Files.isExecutable(Path.of(place))) {
                return Path.of(place);
            }
        }
        return Assumptions.abort("no ptxas here");
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 90})
    void theAssemblerKeepsEveryExpressionInRegisters(int capability, @TempDir Path folder)
            throws IOException, InterruptedException {
        Path assembler = assembler();
        Map<String, ExpressionKernel> kernels = new LinkedHashMap<>();
        programs()
                .flatMap(program -> program.steps().stream())
                .map(Step::compiled)
                .filter(kernel -> kernel != null && kernel.runsOn(capability))
                .forEach(kernel -> kernels.put(kernel.name(), kernel));
        assertThat(kernels).hasSizeGreaterThan(100);
        Path text = folder.resolve("expressions.ptx");
        Path log = folder.resolve("log");
        Files.writeString(text, ExpressionKernel.module(kernels.values(), capability));
        Process process = new ProcessBuilder(
                        assembler.toString(), "-arch=sm_" + capability, "-v", "-o", "/dev/null", text.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(log);
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(numbers(REGISTERS, said)).hasSameSizeAs(kernels.values()).allMatch(used -> used <= MOST_REGISTERS);
        assertThat(numbers(SPILLS, said)).hasSameSizeAs(kernels.values()).containsOnly(0);
    }

    private static List<Integer> numbers(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
    }

    @SuppressWarnings("restricted") // four bytes of the test's own driver
    private static void compiles(int whether) {
        DriverProbe.symbols(DriverProbe.library())
                .find("emulatedCompiler")
                .orElseThrow()
                .reinterpret(4)
                .set(JAVA_INT, 0, whether);
    }

    @Test
    void equalBlocksShareTheirKernels() {
        Map<Integer, Long> distinct = new LinkedHashMap<>();
        for (int depth : new int[] {3, 12}) {
            Graph blocks = new LinearTransformer(depth, 64, 2, 48, 12, 4).graph(2, 4, 4);
            Graph joint = TrainableNetwork.of(blocks).joint();
            distinct.put(
                    depth,
                    Lowering.training(joint, Storage.MIXED, CoatUpdates.matrices(joint)).steps().stream()
                            .filter(step -> step.compiled() != null)
                            .map(step -> step.compiled().name())
                            .distinct()
                            .count());
        }
        // What sums up over all blocks is another expression.
        assertThat(distinct.get(12)).isPositive().isLessThan(distinct.get(3) + 9);
    }

    @Test
    void whereTheDriverCompilesNothingExpressionsAreInterpreted() {
        ParityCase parity = TokenCases.training(24, 13);
        try (CudaDevice device = EmulatedDriver.device()) {
            assertThat(expressions(device, parity)).isNotEmpty().allMatch(ExpressionKernel::compiled);
        }
        compiles(0);
        try (CudaDevice device = EmulatedDriver.device()) {
            assertThat(expressions(device, parity)).isNotEmpty().noneMatch(ExpressionKernel::compiled);
            assertThat(parity.error(new CudaEngine(device, Storage.FLOAT32))).isLessThan(1e-4);
        } finally {
            compiles(1);
        }
    }

    private static List<String> expressions(CudaDevice device, ParityCase parity) {
        Weights weights = RandomWeights.of(parity.graph(), 5);
        try (CudaSession session = new CudaEngine(device, Storage.FLOAT32).compile(parity.graph(), weights)) {
            return session.profile(1).stream()
                    .map(LaunchTime::kernel)
                    .filter(kernel -> kernel.startsWith("chain_"))
                    .toList();
        }
    }
}
