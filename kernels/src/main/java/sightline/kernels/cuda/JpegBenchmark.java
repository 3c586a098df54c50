package sightline.kernels.cuda;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import sightline.config.domain.Pixels;
import sightline.kernels.cuda.driver.DeviceEvent;
import sightline.kernels.cuda.driver.DeviceKernel;
import sightline.kernels.cuda.driver.DeviceMemory;
import sightline.kernels.cuda.driver.DeviceStream;
import sightline.kernels.cuda.driver.NvJpeg;
import sightline.kernels.cuda.program.Launch;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;

/**
 * What it costs to decode JPEG files on a device and to make tensors of them: by how many decoders at a time, alone and beside
 * a network that runs without a pause, and by what nvJPEG is told to do. One caller; the device is not used otherwise.
 */
public final class JpegBenchmark {
    private static final int HARDWARE = 3;
    private static final int KERNELS = 2;
    /** Decoders take their memory with the first batches, which stops everything else. */
    private static final int OPENING_RUNS = 2;

    private static final long OPENING_SECONDS = 10;

    private final CudaDevice device;
    private final CudaSession network;
    private final List<Pixels> files;
    private final Framing framing;
    private final PictureFit plan;
    private final PrintStream out;

    /** How nvJPEG is used. */
    private record Way(String name, int backend, int flags, int output, boolean first) {}

    private static final Way USUAL = new Way("RGB", HARDWARE, 0, NvJpeg.RGB_INTERLEAVED, true);

    /** @param network runs beside; its batch is how many files are decoded at a time */
    public JpegBenchmark(CudaDevice device, CudaSession network, List<Pixels> files, Framing framing, PrintStream out) {
        this.device = device;
        this.network = network;
        this.files = files;
        this.framing = framing;
        this.plan = new PictureFit(framing, Resampling.TRIANGLE, Normalisation.IMAGENET);
        this.out = out;
    }

    /** Some lines, each of so many seconds. */
    public void run(double seconds) {
        out.printf(
                "%-28s %6s %6s %10s %10s %10s %10s %10s %10s%n",
                "nvJPEG", "lanes", "batch", "beside", "pictures/s", "call ms", "decode ms", "fit ms", "network ms");
        int batch = Math.toIntExact(CudaPictures.input(network, framing).size(0));
        for (boolean beside : new boolean[] {false, true}) {
            for (int lanes : new int[] {1, 2, 4}) {
                line(USUAL, lanes, batch, beside, seconds);
            }
            line(USUAL, 1, Math.max(1, batch / 4), beside, seconds);
            line(new Way("YUV planes", HARDWARE, 0, NvJpeg.YUV, true), 1, batch, beside, seconds);
            line(new Way("luminance alone", HARDWARE, 0, NvJpeg.LUMINANCE, true), 1, batch, beside, seconds);
            line(new Way("RGB, not pipelined", HARDWARE, 1, NvJpeg.RGB_INTERLEAVED, true), 1, batch, beside, seconds);
            line(new Way("RGB, kernels", KERNELS, 0, NvJpeg.RGB_INTERLEAVED, true), 1, batch, beside, seconds);
        }
        line(new Way("RGB, of normal priority", HARDWARE, 0, NvJpeg.RGB_INTERLEAVED, false), 1, batch, true, seconds);
    }

    private void line(Way way, int lanes, int batch, boolean beside, double seconds) {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong pictures = new AtomicLong();
        CountDownLatch open = new CountDownLatch(lanes);
        List<CompletableFuture<double[]>> each = IntStream.range(0, lanes)
                .mapToObj(lane -> {
                    CompletableFuture<double[]> times = new CompletableFuture<>();
                    Thread.ofPlatform().daemon().start(() -> {
                        try {
                            times.complete(lane(way, lane, batch, open, over, pictures));
                        } catch (RuntimeException | Error failure) {
                            times.completeExceptionally(failure);
                            open.countDown();
                        }
                    });
                    return times;
                })
                .toList();
        List<Float> replays = new ArrayList<>();
        try {
            if (!open.await(OPENING_SECONDS, TimeUnit.SECONDS)) {
                out.println(way.name + ": not open after " + OPENING_SECONDS + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        long before = pictures.get();
        long warm = System.nanoTime();
        long end = warm + (long) (1e9 * seconds);
        while (System.nanoTime() < end && each.stream().noneMatch(CompletableFuture::isCompletedExceptionally)) {
            if (beside) {
                for (float time : network.time(5, false)) {
                    replays.add(time);
                }
            } else {
                LockSupport.parkNanos(1_000_000);
            }
        }
        double rate = (pictures.get() - before) / ((System.nanoTime() - warm) / 1e9);
        over.set(true);
        try {
            double[] mean = new double[3];
            for (CompletableFuture<double[]> lane : each) {
                double[] times = lane.join();
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += times[i] / lanes;
                }
            }
            float[] sorted = new float[replays.size()];
            for (int i = 0; i < sorted.length; i++) {
                sorted[i] = replays.get(i);
            }
            Arrays.sort(sorted);
            out.printf(
                    Locale.ROOT,
                    "%-28s %6d %6d %10s %10.0f %10.2f %10.2f %10.2f %10.2f%n",
                    way.name,
                    lanes,
                    batch,
                    beside ? "network" : "nothing",
                    rate,
                    mean[0],
                    mean[1],
                    mean[2],
                    sorted.length == 0 ? Float.NaN : sorted[sorted.length / 2]);
        } catch (RuntimeException failure) {
            out.println(way.name + ": " + failure);
        }
    }

    /** Milliseconds a batch: of the call on the host, from its begin to its pixels, of the kernel that makes tensors. */
    private double[] lane(Way way, int lane, int batch, CountDownLatch open, AtomicBoolean over, AtomicLong pictures) {
        double[] sums = new double[3];
        List<AutoCloseable> taken = new ArrayList<>();
        PictureLoader loader = device.call(() -> new PictureLoader(device, framing, batch, Runnable::run));
        DeviceMemory taps = device.call(() -> plan.upload(device));
        DeviceMemory input = device.call(
                () -> device.allocate(12L * batch * framing.inputWidth() * framing.inputHeight(), "inputs"));
        Launch fit = plan.launch(batch, loader.address(), input.address(), taps.address());
        DeviceKernel function = device.call(() -> device.prepare(fit));
        DeviceStream stream = device.call(() -> device.makeStream(way.first));
        try {
            device.inContext(device.generation(), () -> {
                Optional<NvJpeg> decoder = NvJpeg.open(way.backend, way.flags, way.output);
                decoder.ifPresent(taken::add);
                DeviceEvent begun = new DeviceEvent(device.context());
                DeviceEvent decoded = new DeviceEvent(device.context());
                DeviceEvent fitted = new DeviceEvent(device.context());
                taken.addAll(List.of(begun, decoded, fitted));
                int runs = 0;
                for (int at = lane * batch; !over.get(); at += batch) {
                    int from = at;
                    PictureLoader.Staged staged = loader.stage(
                            IntStream.range(0, batch)
                                    .mapToObj(i -> files.get((from + i) % files.size()))
                                    .toList(),
                            true);
                    begun.record(stream);
                    long before = System.nanoTime();
                    loader.issue(staged, decoder, stream);
                    long issued = System.nanoTime();
                    decoded.record(stream);
                    function.issue(fit, stream);
                    fitted.record(stream);
                    fitted.await("decoding");
                    pictures.addAndGet(batch);
                    if (runs++ == OPENING_RUNS) {
                        open.countDown();
                    }
                    if (runs > OPENING_RUNS + 1) {
                        sums[0] += (issued - before) / 1e6;
                        sums[1] += decoded.nanosSince(begun) / 1e6;
                        sums[2] += fitted.nanosSince(decoded) / 1e6;
                    }
                }
                for (int i = 0; i < sums.length; i++) {
                    sums[i] /= Math.max(1, runs - OPENING_RUNS - 1);
                }
                for (AutoCloseable part : taken) {
                    close(part);
                }
            });
        } finally {
            device.run(() -> {
                stream.close();
                loader.close();
                taps.close();
                input.close();
            });
        }
        return sums;
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
