package sightline.kernels.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/**
 * The modules of one context, loaded from {@code /sightline/kernels/cuda/<family>.fatbin} when a kernel of theirs is
 * first asked for. Belongs to the device's thread.
 */
final class KernelLibrary {
    /** Where the bytes of a family come from; a test's device supplies its own. */
    interface Source {
        Optional<byte[]> family(String name) throws IOException;

        static Source resources() {
            return name -> {
                try (InputStream in =
                        KernelLibrary.class.getResourceAsStream("/sightline/kernels/cuda/" + name + ".fatbin")) {
                    return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
                }
            };
        }
    }

    private static final int DEFAULT_SHARED = 48 * 1024;

    private final Source source;
    private final Map<String, CUmodule> modules = new HashMap<>();
    private final Map<String, CUfunction> functions = new HashMap<>();
    private final Map<String, Integer> sharedLimits = new HashMap<>();

    KernelLibrary(Source source) {
        this.source = source;
    }

    static boolean present(Source source) {
        try {
            return source.family("generic").isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** SHA-256 of everything in these families. */
    static String digest(Source source, List<String> families) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String family : families) {
                digest.update(source.family(family).orElse(new byte[0]));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    CUfunction function(Launch launch) {
        CUfunction function = functions.computeIfAbsent(launch.family() + '/' + launch.kernel(), key -> {
            CUfunction found = new CUfunction();
            Calls.check(
                    JCudaDriver.cuModuleGetFunction(found, module(launch.family()), launch.kernel()),
                    "finding the kernel " + key);
            return found;
        });
        if (launch.sharedBytes() > sharedLimits.getOrDefault(launch.kernel(), DEFAULT_SHARED)) {
            Calls.check(
                    JCudaDriver.cuFuncSetAttribute(
                            function,
                            CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                            launch.sharedBytes()),
                    "giving " + launch.kernel() + " " + launch.sharedBytes() + " bytes of shared memory");
            sharedLimits.put(launch.kernel(), launch.sharedBytes());
        }
        return function;
    }

    private CUmodule module(String family) {
        return modules.computeIfAbsent(family, name -> {
            try {
                byte[] image = source.family(name)
                        .orElseThrow(() -> new CudaFailure(
                                CudaFailure.Kind.NO_KERNELS,
                                0,
                                "This build carries no CUDA kernels (" + name
                                        + "): nvcc was absent when it was made."));
                CUmodule module = new CUmodule();
                Calls.check(JCudaDriver.cuModuleLoadData(module, image), "loading the kernels of " + name);
                return module;
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        });
    }
}
