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
import java.util.Optional;
import java.util.OptionalLong;
import sightline.kernels.weights.FetchedWeights.Proof;

/**
 * Downloads published weights: resumes a part file, never takes more than the announced length, and puts the file in
 * place only when its digest is the one that is known here or, failing that, the one that its home announces. The digest
 * is kept beside it in the form that {@code sha256sum --check} reads. Blocking; for the command line.
 */
public final class WeightFetch {
    private static final int PIECE = 1 << 16;
    private static final int BEYOND_THE_END = 416;
    private static final String UNPROVEN = "# No digest is published; this one is of what arrived.\n";

    private final HttpClient client;
    private final Duration patience;

    /** @param patience for a connection, and then for the first bytes of an answer */
    public WeightFetch(Duration patience) {
        this.patience = patience;
        this.client = HttpClient.newBuilder()
                .connectTimeout(patience)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /** Told after each piece. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * @param bytes at hand
         * @param of how many there are to be, if anybody said so
         */
        void arrived(long bytes, OptionalLong of);
    }

    /**
     * Brings the file into {@code folder}; one that is there and right is left alone.
     *
     * @throws WeightsException offline, refused, cut short, or with the wrong digest; the part file stays for a resume
     *     unless its content is wrong
     */
    public FetchedWeights fetch(WeightSource source, Path folder, Watcher watcher) {
        Path target = folder.resolve(source.file());
        Path part = folder.resolve(source.file() + ".part");
        Path note = folder.resolve(source.file() + ".sha256");
        try {
            Files.createDirectories(folder);
            Optional<FetchedWeights> there = there(source, target, note);
            if (there.isPresent()) {
                return there.get();
            }
            Announcement home = download(source, part, watcher);
            String digest = WeightFiles.sha256(part);
            FetchedWeights fetched = new FetchedWeights(target, digest, prove(source, home, part, digest));
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            String line = digest + "  " + source.file() + "\n";
            Files.writeString(note, fetched.proof() == Proof.NONE ? UNPROVEN + line : line);
            return fetched;
        } catch (IOException failure) {
            throw new WeightsException(
                    "Cannot fetch %s from %s: %s. Is this machine online? What has arrived is kept and resumed."
                            .formatted(source.name(), source.uri(), reason(failure)),
                    failure);
        }
    }

    private static Optional<FetchedWeights> there(WeightSource source, Path target, Path note) throws IOException {
        if (!Files.isRegularFile(target)) {
            return Optional.empty();
        }
        String digest = WeightFiles.sha256(target);
        Optional<String> known = source.known().map(WeightSource.Known::sha256);
        if (known.isPresent()) {
            return known.filter(digest::equals).map(same -> new FetchedWeights(target, digest, Proof.KNOWN));
        }
        String noted = Files.isRegularFile(note) ? Files.readString(note) : "";
        Proof proof = noted.startsWith(UNPROVEN) ? Proof.NONE : Proof.ANNOUNCED;
        return noted.contains(digest) ? Optional.of(new FetchedWeights(target, digest, proof)) : Optional.empty();
    }

    private static Proof prove(WeightSource source, Announcement home, Path part, String digest) throws IOException {
        Optional<String> known = source.known().map(WeightSource.Known::sha256);
        Optional<String> right = known.or(home::sha256);
        if (right.isPresent() && !right.get().equals(digest)) {
            Files.delete(part);
            throw new WeightsException("%s from %s has digest %s, %s was expected"
                    .formatted(source.name(), source.uri(), digest, right.get()));
        }
        return known.isPresent() ? Proof.KNOWN : home.sha256().isPresent() ? Proof.ANNOUNCED : Proof.NONE;
    }

    private static String reason(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private Announcement download(WeightSource source, Path part, Watcher watcher) throws IOException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        OptionalLong known =
                source.known().stream().mapToLong(WeightSource.Known::bytes).findFirst();
        if (known.isPresent() && have == known.getAsLong()) {
            return new Announcement(Optional.empty(), known);
        }
        HttpResponse<InputStream> response = ask(source, have);
        try (InputStream in = response.body()) {
            Announcement home = Announcement.of(response);
            OptionalLong bytes = known.isPresent() ? known : home.bytes();
            if (response.statusCode() == BEYOND_THE_END) {
                beyond(part, have, bytes);
            } else {
                // A server that ignores the range sends the whole file again.
                copy(in, part, accepted(response) ? have : 0, bytes, watcher);
            }
            return home;
        }
    }

    /** Nothing is left to send: because all is here, or because what is here belongs to another file. */
    private static void beyond(Path part, long have, OptionalLong bytes) throws IOException {
        if (bytes.isEmpty() || bytes.getAsLong() != have) {
            Files.delete(part);
            throw new IOException("the " + have + " bytes of an earlier try are not of this file and were dropped");
        }
    }

    private HttpResponse<InputStream> ask(WeightSource source, long have) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(source.uri()).timeout(patience);
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /** Whether the answer goes on where the part file ends. */
    private static boolean accepted(HttpResponse<?> response) throws IOException {
        if (response.statusCode() != 206 && response.statusCode() != 200) {
            throw new IOException("the server answers " + response.statusCode());
        }
        if (response.headers().firstValue("content-type").orElse("").startsWith("text/html")) {
            throw new IOException("the server answers with a page for people, not with the file");
        }
        return response.statusCode() == 206;
    }

    private static void copy(InputStream in, Path part, long from, OptionalLong bytes, Watcher watcher)
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
                if (bytes.isPresent() && have > bytes.getAsLong()) {
                    throw new IOException("more than the announced " + bytes.getAsLong() + " bytes");
                }
                out.write(piece, 0, n);
                watcher.arrived(have, bytes);
            }
        }
        if (bytes.isPresent() && have < bytes.getAsLong()) {
            throw new IOException("only " + have + " of " + bytes.getAsLong() + " bytes arrived");
        }
    }
}
