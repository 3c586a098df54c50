package sightline.operators.bench;

import java.util.Optional;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.cuda.Storage;
import sightline.kernels.cuda.TileCache;

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
}
