package sightline.kernels.cuda.expression;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.cuda.program.ExpressionKernel;

/** The text of one kernel while it is written: an instruction a line, each into a register of its own but where loops add up. */
final class Ptx {
    /** Registers by what they hold. */
    enum Bank {
        FLOAT("%f", ".f32"),
        WORD("%r", ".b32"),
        ADDRESS("%d", ".b64"),
        HALF("%h", ".b16"),
        TRUTH("%p", ".pred");

        private final String prefix;
        private final String type;

        Bank(String prefix, String type) {
            this.prefix = prefix;
            this.type = type;
        }
    }

    private final StringBuilder lines = new StringBuilder();
    private final Map<Bank, Integer> counts = new EnumMap<>(Bank.class);
    private int labels;
    private String guard = "";

    String fresh(Bank bank) {
        return bank.prefix + counts.merge(bank, 1, Integer::sum);
    }

    void line(String instruction) {
        lines.append(guard).append(instruction).append(";\n");
    }

    /** The result of an instruction, in a new register. */
    String make(Bank bank, String instruction, Object... operands) {
        String made = fresh(bank);
        into(made, instruction, operands);
        return made;
    }

    void into(String register, String instruction, Object... operands) {
        StringBuilder text = new StringBuilder(instruction).append(' ').append(register);
        for (Object operand : operands) {
            text.append(", ").append(operand);
        }
        line(text.toString());
    }

    String number(String instruction, Object... operands) {
        return make(Bank.FLOAT, instruction, operands);
    }

    String word(String instruction, Object... operands) {
        return make(Bank.WORD, instruction, operands);
    }

    String truth(String instruction, Object... operands) {
        return make(Bank.TRUTH, instruction, operands);
    }

    /** Instructions that are carried out only where a truth holds; null is always. */
    void where(String truth, Runnable instructions) {
        String before = guard;
        guard = truth == null ? before : "@" + truth + " ";
        instructions.run();
        guard = before;
    }

    String label() {
        return "L" + ++labels;
    }

    void at(String label) {
        lines.append(label).append(":\n");
    }

    /** A float32 literal. */
    static String literal(double value) {
        return "0f%08X".formatted(Float.floatToRawIntBits((float) value));
    }

    /** Registers of a vector. */
    static String braced(List<String> registers) {
        return "{" + String.join(", ", registers) + "}";
    }

    /** Instructions behind the declarations of what they use. */
    String text(String declarations) {
        StringBuilder text = new StringBuilder(declarations);
        counts.forEach((bank, count) -> text.append(".reg %s %s<%d>;\n".formatted(bank.type, bank.prefix, count + 1)));
        return text.append(ExpressionKernel.BEGIN).append(lines).toString();
    }
}
