package sightline.operators.timing;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sightline.config.domain.Frame;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.Weights;

/** The most memory that a process holds which does nothing but look with one network, beside one that does not even that. */
public final class Footprints {
    private static final int LOOKS = 10;
    private static final String NOTHING = "(a JVM with the picture alone)";

    private Footprints() {}

    static void print(Path data, String only, PrintStream out) throws IOException {
        out.println();
        out.printf(Locale.ROOT, "%-30s %12s%n", "process", "peak MB");
        out.printf(Locale.ROOT, "%-30s %12s%n", NOTHING, child(data, NOTHING));
        for (Subject subject : Subject.all()) {
            if (subject.name().contains(only)) {
                out.printf(Locale.ROOT, "%-30s %12s%n", subject.name(), child(data, subject.name()));
            }
        }
    }

    private static String child(Path data, String name) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(Footprints.class.getName(), data.toString(), name));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /** {@code Footprints DATA NAME}: looks a few times and prints the peak of resident memory in MB. */
    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0]);
        Optional<Subject> subject = Subject.find(arguments[1]);
        Frame frame =
                ModelBench.frame(data.resolve(subject.map(Subject::picture).orElse("golden/people.jpg")));
        if (subject.isPresent()) {
            try (Weights weights = subject.get().weights().apply(data);
                    Looker looker = subject.get()
                            .opening()
                            .open(new OnnxEngine(), weights, CompileOptions.DEFAULT.lenient(), data)) {
                for (int i = 0; i < LOOKS; i++) {
                    looker.look(frame);
                }
            }
        }
        System.out.println(peak());
    }

    private static String peak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "unknown";
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> String.valueOf(Long.parseLong(line.replaceAll("\\D", "")) / 1024))
                .findFirst()
                .orElse("unknown");
    }
}
