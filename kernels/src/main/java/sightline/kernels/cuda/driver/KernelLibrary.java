package sightline.kernels.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Launch;

/**
 * The modules of one context, loaded from {@code /sightline/kernels/cuda/<family>.fatbin} when a kernel of theirs is
 * first asked for. Belongs to the device's thread.
 */
public final class KernelLibrary {
    /** A system property: {@code interpreted} keeps expressions from being compiled. */
    static final String EXPRESSIONS = "sightline.cuda.expressions";

    /** Where the bytes of a family come from; a test's device supplies its own. */
    public interface Source {
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

    private static final System.Logger LOG = System.getLogger(KernelLibrary.class.getName());
    private static final int DEFAULT_SHARED = 48 * 1024;

    private final Source source;
    private final Map<String, CUmodule> modules = new HashMap<>();
    private final Map<String, CUfunction> functions = new HashMap<>();
    private final Map<String, Integer> sharedLimits = new HashMap<>();
    private final int capability;
    private boolean compiles = !System.getProperty(EXPRESSIONS, "").equals("interpreted");

    /** @param capability the device's, 90 for 9.0 */
    KernelLibrary(Source source, int capability) {
        this.source = source;
        this.capability = capability;
    }

    /** Whether there are any kernels. */
    public static boolean present(Source source) {
        try {
            return source.family("generic").isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** SHA-256 of everything in these families. */
    public static String digest(Source source, List<String> families) {
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

    /**
     * Launches with what their expressions are compiled to, by the driver and in one module for all that are new. This is the one
     * place that decides between that and the interpreter of chain.cu, which runs what {@code ExpressionKernels} does not write
     * and everything where the driver takes no PTX of ours.
     */
    List<Launch> compiled(List<Launch> launches) {
        Map<String, ExpressionKernel> missing = new LinkedHashMap<>();
        for (Launch launch : launches) {
            if (compiles(launch) && !functions.containsKey(key(launch.compiled()))) {
                missing.put(launch.compiled().name(), launch.compiled());
            }
        }
        if (!missing.isEmpty()) {
            compile(missing.values());
        }
        return launches.stream()
                .flatMap(launch -> compiles(launch)
                        ? Stream.of(launch.compiled().launch(launch))
                        : launch.instead().isEmpty() ? Stream.of(launch) : compiled(launch.instead()).stream())
                .toList();
    }

    private boolean compiles(Launch launch) {
        return compiles && launch.compiled() != null && launch.compiled().runsOn(capability);
    }

    private static String key(ExpressionKernel kernel) {
        return ExpressionKernel.FAMILY + '/' + kernel.name();
    }

    private void compile(Collection<ExpressionKernel> kernels) {
        byte[] text = (ExpressionKernel.module(kernels, capability) + '\0').getBytes(StandardCharsets.US_ASCII);
        Map<String, CUfunction> found = new HashMap<>();
        CUmodule module = new CUmodule();
        int code = JCudaDriver.cuModuleLoadData(module, text);
        for (ExpressionKernel kernel : code == 0 ? kernels : List.<ExpressionKernel>of()) {
            CUfunction function = new CUfunction();
            code = code == 0 ? JCudaDriver.cuModuleGetFunction(function, module, kernel.name()) : code;
            found.put(key(kernel), function);
        }
        if (code == 0) {
            functions.putAll(found);
            return;
        }
        compiles = false;
        LOG.log(
                System.Logger.Level.WARNING,
                "The driver does not compile expressions (error {0}): they are interpreted, which is slower.",
                code);
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
