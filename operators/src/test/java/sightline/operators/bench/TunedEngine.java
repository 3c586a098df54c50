package sightline.operators.bench;

import java.util.Optional;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.cuda.CudaSession;
import sightline.kernels.cuda.Storage;
import sightline.kernels.cuda.TileCache;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Graph;
import sightline.kernels.weights.Weights;

/**
 * The half-precision engine of the measurements of cameras: with kernels that were tried and kept where
 * {@code -Dsightline.cuda.tiles=FOLDER} is given, with those that usually are the best ones elsewhere.
 */
final class TunedEngine {
    private TunedEngine() {}

    static CudaEngine half(CudaDevice device) {
        Optional<TileCache> tiles = System.getProperty(TileCache.PROPERTY) == null
                ? Optional.empty()
                : TileCache.configured(System.out::println);
        return new CudaEngine(device, Storage.FLOAT16, tiles);
    }

    /** Tries what is not known yet, alone on the device; lanes that begin together would disturb each other's trials. */
    static void once(Graph graph, Weights weights) {
        try (CudaDevice device = CudaDevice.open(0);
                CudaSession session = half(device).compile(graph, weights, CompileOptions.DEFAULT)) {
            System.out.println(device.facts().name() + ", " + session.launchCount() + " kernels");
        }
    }
}
