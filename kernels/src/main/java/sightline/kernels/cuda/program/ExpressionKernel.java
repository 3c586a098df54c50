package sightline.kernels.cuda.program;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import sightline.kernels.cuda.program.Launch.Grid;

/**
 * An expression as PTX, which takes the same parameters as the interpreter in chain.cu but reads pointers alone: all else is
 * part of its text, so that equal expressions over equal shapes are one kernel.
 *
 * @param name the interpreter's kernel, two underscores, and a digest of the text
 * @param text declarations and instructions
 * @param eight whether it converts E4M3, which compute capability 8.9 brings
 */
public record ExpressionKernel(String name, String text, boolean eight, Grid grid, int block) {
    /** Of launches that run such kernels. */
    public static final String FAMILY = "expression";

    /** What it may read, as many as the interpreter may. */
    public static final int LEAVES = 8;

    /** What it may store, as many as the interpreter may. */
    public static final int RESULTS = 4;

    /** A line of the text, between declarations and instructions. */
    public static final String BEGIN = "// begin\n";

    private static final int DIGITS = 12;
    private static final int EIGHT = 89;
    private static final int HOPPER = 90;
    /** Leaves and results, 48 bytes each. */
    private static final int POINTER_BYTES = 48 * (LEAVES + RESULTS);

    /** Between the interpreter's kernel and the digest. */
    private static final String BETWEEN = "__";

    /** Whether a kernel of this name is one of these. */
    public static boolean compiled(String kernel) {
        return kernel.contains(BETWEEN);
    }

    /** The interpreter's kernel that one of these stands for; any other is itself. */
    public static String kind(String kernel) {
        return compiled(kernel) ? kernel.substring(0, kernel.indexOf(BETWEEN)) : kernel;
    }

    /** One of a text, which names it. */
    public static ExpressionKernel of(String interpreter, String text, boolean eight, Grid grid, int block) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((block + text).getBytes(StandardCharsets.US_ASCII));
            String name =
                    interpreter + BETWEEN + HexFormat.of().formatHex(digest).substring(0, DIGITS);
            return new ExpressionKernel(name, text, eight, grid, block);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Whether devices of a compute capability, 90 for 9.0, have all that it needs. */
    public boolean runsOn(int capability) {
        return !eight || capability >= EIGHT;
    }

    /** The same launch by this kernel. */
    public Launch launch(Launch interpreted) {
        return new Launch(
                FAMILY,
                name,
                grid,
                block,
                0,
                interpreted.params(),
                interpreted.label(),
                interpreted.flops(),
                interpreted.bytes());
    }

    /** Kernels as one module for the driver's compiler, each of which waits for the kernel before as kernel.cuh says. */
    public static String module(Collection<ExpressionKernel> kernels, int capability) {
        StringBuilder module = new StringBuilder(
                capability >= HOPPER
                        ? ".version 8.1\n.target sm_90\n"
                        : capability >= EIGHT ? ".version 8.1\n.target sm_89\n" : ".version 7.8\n.target sm_80\n");
        module.append(".address_size 64\n");
        for (ExpressionKernel kernel : kernels) {
            module.append(".visible .entry ").append(kernel.name).append("(.param .align 8 .b8 given[");
            module.append(POINTER_BYTES)
                    .append("])\n.maxntid ")
                    .append(kernel.block)
                    .append(", 1, 1\n{\n");
            String waits = capability >= HOPPER ? "griddepcontrol.wait;\ngriddepcontrol.launch_dependents;\n" : "";
            module.append(kernel.text.replace(BEGIN, waits)).append("}\n");
        }
        return module.toString();
    }
}
