package sightline.config.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import sightline.config.domain.Origin;
import sightline.config.time.ManualTime;

/** A process that stores, reads and erases in a directory until it is killed. */
final class Sharer {
    private Sharer() {}

    static Process start(Path directory, int seed) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sharer.class.getName(),
                        directory.toString(),
                        Integer.toString(seed))
                .inheritIO()
                .start();
    }

    public static void main(String[] arguments) throws IOException {
        Random random = new Random(Integer.parseInt(arguments[1]));
        try (FileEvidenceStore store = FileEvidenceStore.open(
                Path.of(arguments[0]),
                new EvidenceLimits(4000, Duration.ofDays(1)),
                ManualTime.at("2026-03-01T12:00:00Z"))) {
            while (true) {
                byte[] content = new byte[100 + random.nextInt(300)];
                random.nextBytes(content);
                String track = "t" + random.nextInt(5);
                DataRef ref = store.put(
                        ByteBuffer.wrap(content),
                        new EvidenceLabel("image/jpeg", Origin.REPLAY, 5, Set.of("e"), Set.of(track)));
                store.get(ref);
                if (random.nextInt(10) == 0) {
                    store.eraseTrack("t" + random.nextInt(5));
                }
            }
        }
    }
}
