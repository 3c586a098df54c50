package sightline.kernels.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/**
 * Seeded mutations of valid files: flipped bits, overwritten numbers, cut and repeated pieces. Whatever comes in, a
 * reader returns or throws its own exception; anything else, from a stack overflow to an access outside the file, fails.
 */
class HostileInputTest {
    private static final int ROUNDS = 1500;

    @TempDir
    Path folder;

    private interface Reader {
        Weights open(Path file);
    }

    /** Counts what was accepted, so that a test can tell that both outcomes occur. */
    private int hunt(byte[] valid, Path file, long seed, Reader reader) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] mutant = mutate(valid, random);
            Files.write(file, mutant);
            try (Weights weights = reader.open(file)) {
                weights.names().forEach(name -> touch(weights.find(name).orElseThrow()));
                accepted++;
            } catch (WeightsException refused) {
                assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(2000);
            }
        }
        return accepted;
    }

    private static void touch(Tensor tensor) {
        if (tensor.size() > 0) {
            tensor.get(0);
            tensor.get(tensor.size() - 1);
        }
    }

    private static byte[] mutate(byte[] valid, SplittableRandom random) {
        byte[] mutant = valid.clone();
        for (int i = random.nextInt(1, 4); i > 0 && mutant.length > 9; i--) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(6)) {
                case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutant[at] = (byte) random.nextInt(256);
                case 2 -> mutant = Arrays.copyOf(mutant, at);
                case 3 -> {
                    int from = random.nextInt(mutant.length);
                    int length = Math.min(random.nextInt(1, 40), mutant.length - Math.max(at, from));
                    System.arraycopy(mutant, from, mutant, at, length);
                }
                case 4 -> {
                    long[] edges = {-1, 0, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, 1L << 40};
                    ByteBuffer.wrap(mutant)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(Math.min(at, mutant.length - 8), edges[random.nextInt(edges.length)]);
                }
                default -> mutant[at] = (byte) "0123456789[]{},:\"-e.".charAt(random.nextInt(20));
            }
        }
        return mutant;
    }

    @Test
    void mutatedSafetensorsAreReadOrRefused() throws IOException {
        Path valid = folder.resolve("valid.safetensors");
        SafetensorsWriter.write(
                valid,
                Map.of("a", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2), "b", Tensor.allocate(DType.F16, 3)),
                Map.of("k", "v"));
        int accepted = hunt(Files.readAllBytes(valid), folder.resolve("m.safetensors"), 1, Safetensors::open);
        assertThat(accepted).isBetween(1, ROUNDS - 1);
    }

    @Test
    void mutatedZipCheckpointsAreReadOrRefused() throws IOException {
        byte[] pickle =
                Pickles.dictionary(true, "w", new Pickles().tensor("0", 6, 0, new int[] {3, 2}, new int[] {1, 3}));
        Path valid =
                Pickles.zip(folder.resolve("valid.pt"), pickle, Map.of("0", Pickles.floats(1, 2, 3, 4, 5, 6)), false);
        int accepted = hunt(Files.readAllBytes(valid), folder.resolve("m.pt"), 2, Checkpoint::open);
        assertThat(accepted).isBetween(1, ROUNDS - 1);
    }

    @Test
    void mutatedLegacyCheckpointsAreReadOrRefused() throws IOException {
        byte[] pickle =
                Pickles.dictionary(false, "w", new Pickles().tensor("0", 6, 0, new int[] {3, 2}, new int[] {1, 3}));
        Path valid = Pickles.legacy(folder.resolve("valid.pth"), pickle, "0", 1, 2, 3, 4, 5, 6);
        int accepted = hunt(Files.readAllBytes(valid), folder.resolve("m.pth"), 3, Checkpoint::open);
        assertThat(accepted).isBetween(1, ROUNDS - 1);
    }
}
