package sightline.kernels.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Downloads published weights: resumes a part file, never takes more than the announced length, and puts the file in
 * place only when its digest is right. Blocking; for the command line.
 */
public final class WeightFetch {
    private static final int PIECE = 1 << 16;

    private final HttpClient client;

    public WeightFetch(Duration connectTimeout) {
        this.client = HttpClient.newBuilder()
                .connectTimeout(connectTimeout)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /**
     * Brings the file to {@code folder/name} and returns its path; a file that is there and right is left alone.
     *
     * @param progress receives the bytes at hand after each piece
     * @throws WeightsException offline, refused, cut short, or with the wrong digest; the part file stays for a resume
     *     unless its content is wrong
     */
    public Path fetch(WeightSource source, Path folder, LongConsumer progress) {
        Path target = folder.resolve(source.name());
        Path part = folder.resolve(source.name() + ".part");
        try {
            Files.createDirectories(folder);
            if (Files.isRegularFile(target) && WeightFiles.sha256(target).equals(source.sha256())) {
                return target;
            }
            if (!Files.exists(part) || Files.size(part) < source.bytes()) {
                download(source, part, progress);
            }
            String digest = WeightFiles.sha256(part);
            if (!digest.equals(source.sha256())) {
                Files.delete(part);
                throw new WeightsException("%s from %s has digest %s, %s was expected"
                        .formatted(source.name(), source.uri(), digest, source.sha256()));
            }
            return Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new WeightsException(
                    "Cannot fetch %s from %s: %s. Is this machine online? What has arrived is kept and resumed."
                            .formatted(source.name(), source.uri(), reason(failure)),
                    failure);
        }
    }

    private static String reason(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private void download(WeightSource source, Path part, LongConsumer progress) throws IOException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        HttpRequest.Builder request = HttpRequest.newBuilder(source.uri());
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        HttpResponse<InputStream> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
        try (InputStream in = response.body()) {
            // A server that ignores the range sends the whole file again.
            boolean resumed = response.statusCode() == 206;
            if (!resumed && response.statusCode() != 200) {
                throw new IOException("the server answers " + response.statusCode());
            }
            copy(in, part, resumed ? have : 0, source, progress);
        }
    }

    private static void copy(InputStream in, Path part, long from, WeightSource source, LongConsumer progress)
            throws IOException {
        long have = from;
        try (OutputStream out = Files.newOutputStream(
                part,
                StandardOpenOption.CREATE,
                from > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            byte[] piece = new byte[PIECE];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                have += n;
                if (have > source.bytes()) {
                    throw new IOException("more than the announced " + source.bytes() + " bytes");
                }
                out.write(piece, 0, n);
                progress.accept(have);
            }
        }
        if (have < source.bytes()) {
            throw new IOException("only " + have + " of " + source.bytes() + " bytes arrived");
        }
    }
}
