package sightline.pipeline.topology;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that runs roles of a pipeline, as {@code sightline run} starts it. It knows nothing but the broker. */
final class Member implements AutoCloseable {
    private final Process process;

    private Member(Process process) {
        this.process = process;
    }

    static Member start(Path folder, String name, String bootstrapServers, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "sightline.pipeline.cli.Sightline",
                "run",
                "--bootstrap-servers",
                bootstrapServers,
                "--evidence",
                folder.resolve(name + "-evidence").toString()));
        command.addAll(List.of(arguments));
        File log = folder.resolve(name + ".log").toFile();
        return new Member(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start());
    }

    /** {@code kill -9}: no hook runs, nothing is flushed, nobody is told. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        kill();
    }
}
