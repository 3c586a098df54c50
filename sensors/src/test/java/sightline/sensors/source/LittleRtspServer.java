package sightline.sensors.source;

import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A camera that speaks just enough RTSP (RFC 2326) over one TCP connection to send motion JPEG (RFC 2435), after a sender
 * report that ties its stream to the wall clock. Serves one client, then stays silent.
 */
final class LittleRtspServer implements AutoCloseable {
    private static final long NTP_TO_UNIX = 2_208_988_800L;
    private static final int CLOCK = 90_000;
    private static final int RTP_START = 1_000_000;
    private static final int PAYLOAD = 1200;

    private final ServerSocket listening;
    private final byte[] jpeg;
    private final int width;
    private final int height;
    private final int frames;
    private final long startSeconds;
    private final CountDownLatch finish = new CountDownLatch(1);
    private final Thread thread;
    private int sequence;

    LittleRtspServer(byte[] jpeg, int width, int height, int frames, long startSeconds) throws IOException {
        this.jpeg = jpeg;
        this.width = width;
        this.height = height;
        this.frames = frames;
        this.startSeconds = startSeconds;
        this.listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        this.thread = Thread.ofPlatform().daemon().name("little-rtsp").start(this::serve);
    }

    String address() {
        return "rtsp://127.0.0.1:" + listening.getLocalPort() + "/cam";
    }

    private void serve() {
        try (Socket socket = listening.accept();
                var in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                var out = new DataOutputStream(socket.getOutputStream())) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String method = line.split(" ")[0];
                String number = "0";
                for (String header = in.readLine(); !header.isEmpty(); header = in.readLine()) {
                    number = header.startsWith("CSeq:") ? header.substring(5).strip() : number;
                }
                answer(method, number, out);
                if (method.equals("PLAY")) {
                    report(out);
                    for (int i = 0; i < frames; i++) {
                        frame(out, RTP_START + (i + 1) * (CLOCK / 10));
                    }
                    out.flush();
                    finish.await(30, TimeUnit.SECONDS);
                    return;
                }
            }
        } catch (IOException e) {
            // The client went away, which is how every test ends.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(String method, String number, DataOutputStream out) throws IOException {
        String body = "";
        String headers =
                switch (method) {
                    case "OPTIONS" -> "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n";
                    case "DESCRIBE" -> {
                        body = String.join(
                                "\r\n",
                                "v=0",
                                "o=- 1 1 IN IP4 127.0.0.1",
                                "s=cam",
                                "t=0 0",
                                "m=video 0 RTP/AVP 26",
                                "a=control:trackID=1",
                                "a=framerate:10",
                                "");
                        yield "Content-Type: application/sdp\r\nContent-Length: " + body.length() + "\r\n";
                    }
                    case "SETUP" -> "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n";
                    case "PLAY" -> "Session: 1\r\nRange: npt=0.000-\r\n";
                    default -> "";
                };
        out.writeBytes("RTSP/1.0 200 OK\r\nCSeq: " + number + "\r\n" + headers + "\r\n" + body);
        out.flush();
    }

    private void packet(DataOutputStream out, int channel, ByteBuffer content) throws IOException {
        out.writeByte('$');
        out.writeByte(channel);
        byte[] bytes = new byte[content.position()];
        content.flip().get(bytes);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    /** The stream's first RTP time was at the start's wall-clock time (RFC 3550, section 6.4.1). */
    private void report(DataOutputStream out) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(28);
        b.putShort((short) 0x80c8).putShort((short) 6).putInt(1);
        b.putInt((int) (startSeconds + NTP_TO_UNIX))
                .putInt(0)
                .putInt(RTP_START)
                .putInt(0)
                .putInt(0);
        packet(out, 1, b);
    }

    private void frame(DataOutputStream out, int time) throws IOException {
        byte[] tables = new byte[128];
        int at = 0;
        int scan = 2;
        while ((jpeg[scan + 1] & 0xff) != 0xda) {
            int length = (jpeg[scan + 2] & 0xff) << 8 | jpeg[scan + 3] & 0xff;
            if ((jpeg[scan + 1] & 0xff) == 0xdb) {
                for (int t = scan + 4; t < scan + 2 + length; t += 65) {
                    System.arraycopy(jpeg, t + 1, tables, at, 64);
                    at += 64;
                }
            }
            scan += 2 + length;
        }
        int data = scan + 2 + ((jpeg[scan + 2] & 0xff) << 8 | jpeg[scan + 3] & 0xff);
        int end = jpeg.length - 2;
        for (int from = data; from < end; from += PAYLOAD) {
            int size = Math.min(PAYLOAD, end - from);
            ByteBuffer b = ByteBuffer.allocate(size + 200);
            b.put((byte) 0x80).put((byte) (26 | (from + size == end ? 0x80 : 0)));
            b.putShort((short) sequence++).putInt(time).putInt(1);
            b.putInt(from - data)
                    .put((byte) 1)
                    .put((byte) 255)
                    .put((byte) (width / 8))
                    .put((byte) (height / 8));
            if (from == data) {
                b.put((byte) 0).put((byte) 0).putShort((short) 128).put(tables);
            }
            b.put(jpeg, from, size);
            packet(out, 0, b);
        }
    }

    @Override
    public void close() throws IOException {
        finish.countDown();
        listening.close();
        thread.interrupt();
    }
}
