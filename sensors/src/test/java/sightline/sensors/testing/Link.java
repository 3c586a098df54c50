package sightline.sensors.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One connection through a {@link FaultyNetwork}. Each direction reads into a short queue and writes when it is time. */
final class Link {

    private static final int PIECE = 16 << 10;
    private static final int PIECES_UNDER_WAY = 64;
    private static final long GLANCE_NANOS = 2_000_000;

    private final Socket client;
    private final Socket server;
    private final Supplier<Weather> weather;
    private final Consumer<Link> ended;

    private record Piece(long readNanos, byte[] bytes) {
        static final Piece END = new Piece(0, new byte[0]);
    }

    Link(Socket client, Socket server, Supplier<Weather> weather, Consumer<Link> ended) {
        this.client = client;
        this.server = server;
        this.weather = weather;
        this.ended = ended;
    }

    void start() {
        connect(client, server);
        connect(server, client);
    }

    private void connect(Socket from, Socket to) {
        var underWay = new ArrayBlockingQueue<Piece>(PIECES_UNDER_WAY);
        Thread.ofVirtual().start(() -> take(from, underWay));
        Thread.ofVirtual().start(() -> bring(underWay, to));
    }

    private void take(Socket from, BlockingQueue<Piece> underWay) {
        try (InputStream in = from.getInputStream()) {
            byte[] buffer = new byte[PIECE];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                underWay.put(new Piece(System.nanoTime(), Arrays.copyOf(buffer, read)));
            }
            underWay.put(Piece.END);
        } catch (IOException | InterruptedException e) {
            reset();
            if (!underWay.offer(Piece.END)) {
                underWay.clear();
                underWay.add(Piece.END);
            }
        }
    }

    private void bring(BlockingQueue<Piece> underWay, Socket to) {
        try (OutputStream out = to.getOutputStream()) {
            for (Piece piece = underWay.take(); piece != Piece.END; piece = underWay.take()) {
                write(piece, out);
            }
        } catch (IOException | InterruptedException e) {
            reset();
        } finally {
            close();
        }
    }

    private void write(Piece piece, OutputStream out) throws IOException {
        for (int from = 0; from < piece.bytes().length; ) {
            awaitItsTime(piece);
            Weather now = weather.get();
            int left = piece.bytes().length - from;
            int length = now.sliceBytes() > 0 ? Math.min(left, now.sliceBytes()) : left;
            out.write(piece.bytes(), from, length);
            out.flush();
            if (now.bytesPerSecond() > 0) {
                LockSupport.parkNanos(length * 1_000_000_000L / now.bytesPerSecond());
            }
            from += length;
        }
    }

    /** Looks again and again, so that a change of weather holds for what is already under way. */
    private void awaitItsTime(Piece piece) throws IOException {
        while (true) {
            Weather now = weather.get();
            long wait = piece.readNanos() + now.latency().toNanos() - System.nanoTime();
            if (!now.silent() && wait <= 0) {
                return;
            }
            if (client.isClosed()) {
                throw new IOException("the connection was reset");
            }
            LockSupport.parkNanos(now.silent() ? GLANCE_NANOS : Math.min(wait, 5 * GLANCE_NANOS));
        }
    }

    /** Hangs up on both without a farewell. */
    void reset() {
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // Closed already.
            }
        }
        close();
    }

    private void close() {
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.close();
            } catch (IOException e) {
                // There is nothing more to lose.
            }
        }
        ended.accept(this);
    }
}
