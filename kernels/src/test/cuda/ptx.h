// Evaluates PTX on a CPU, the instructions that sightline.kernels.cuda.expression.Ptx writes and no others: what is unknown or malformed
// refuses the module, as the driver's compiler would. Threads run one after another up to where they meet.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>
#include "e4m3.cuh"

namespace ptx {
enum State { RUNNING, EXCHANGING, AT_BARRIER, DONE };
struct Thread {
    std::vector<uint64_t> registers;
    const unsigned char* parameters;
    unsigned char* shared;
    EmulatedIndex thread, block;
    size_t next = 0;
    State state = RUNNING;
    // Of an exchange: where the result goes, what is given, and to whom it goes.
    int to = 0, mask = 0;
    uint32_t given = 0;
};
using Action = std::function<void(Thread&)>;
using Value = std::function<uint64_t(const Thread&)>;
using Strings = std::vector<std::string>;

inline float number(uint64_t bits) { return __int_as_float(int(uint32_t(bits))); }
inline uint64_t bits(float x) { return uint32_t(__float_as_int(x)); }
[[noreturn]] inline void refuse(const std::string& what) { throw std::runtime_error(what); }
inline bool starts(const std::string& s, const std::string& with) { return s.compare(0, with.size(), with) == 0; }

struct Kernel {
    std::vector<Action> actions;
    std::map<std::string, int> registers;
    std::map<std::string, size_t> labels;
    size_t sharedBytes = 0;
    std::string sharedName;

    int place(const std::string& name) {
        static const std::string banks = "frdhp";
        if (name.size() < 3 || name[0] != '%' || banks.find(name[1]) == std::string::npos || !isdigit(name[2])) refuse(name);
        return registers.emplace(name, int(registers.size())).first->second;
    }
    Value value(const std::string& text) {
        if (text == "%tid.x") return [](const Thread& t) { return t.thread.x; };
        if (text == "%ctaid.x") return [](const Thread& t) { return t.block.x; };
        if (text == "%ctaid.y") return [](const Thread& t) { return t.block.y; };
        if (text == "%ctaid.z") return [](const Thread& t) { return t.block.z; };
        if (!sharedName.empty() && text == sharedName) return [](const Thread&) { return 0; };
        if (text[0] == '%') {
            if (!registers.count(text)) refuse("read before it is written: " + text);
            return [at = place(text)](const Thread& t) { return t.registers[at]; };
        }
        uint64_t constant = starts(text, "0f") ? std::stoull(text.substr(2), nullptr, 16) : uint64_t(std::stoll(text, nullptr, 0));
        return [constant](const Thread&) { return constant; };
    }
    // A list in braces, or one.
    static Strings parts(std::string text) {
        if (text[0] != '{') return {text};
        text = text.substr(1, text.size() - 2);
        Strings all;
        for (size_t at = 0; at <= text.size();) {
            size_t end = std::min(text.find(',', at), text.size());
            size_t from = text.find_first_not_of(' ', at);
            all.push_back(text.substr(from, end - from));
            at = end + 1;
        }
        return all;
    }
    // [register+bytes]
    Value address(const std::string& text) {
        size_t plus = text.find('+');
        if (text[0] != '[' || text.back() != ']') refuse(text);
        size_t end = plus == std::string::npos ? text.size() - 1 : plus;
        Value base = value(text.substr(1, end - 1));
        int64_t bytes = plus == std::string::npos ? 0 : std::stoll(text.substr(plus + 1));
        return [base, bytes](const Thread& t) { return base(t) + bytes; };
    }
};

inline int bytesOf(const std::string& type) {
    return type == "u16" || type == "b16" ? 2 : type == "b32" || type == "f32" || type == "u32" ? 4 : 8;
}

struct Reader {
    Kernel& k;

    Action set(const std::string& to, Value v) {
        int at = k.place(to);
        return [at, v](Thread& t) { t.registers[at] = v(t); };
    }
    Value floats(const Value& a, float (*f)(float)) {
        return [a, f](const Thread& t) { return bits(f(number(a(t)))); };
    }
    Value floats(const Value& a, const Value& b, float (*f)(float, float)) {
        return [a, b, f](const Thread& t) { return bits(f(number(a(t)), number(b(t)))); };
    }
    Value words(const Value& a, const Value& b, uint32_t (*f)(uint32_t, uint32_t)) {
        return [a, b, f](const Thread& t) { return uint64_t(f(uint32_t(a(t)), uint32_t(b(t)))); };
    }

    Action access(const Strings& op, const Strings& args) {
        bool load = op[0] == "ld", shared = op[1] == "shared";
        Strings registers = Kernel::parts(args[load ? 0 : 1]);
        unsigned lanes = op[2][0] == 'v' ? unsigned(op[2][1] - '0') : 1;
        if (lanes != registers.size()) refuse("lanes of " + op[2]);
        int bytes = bytesOf(op.back());
        Value address = k.address(args[load ? 1 : 0]);
        size_t most = k.sharedBytes;
        auto where = [address, shared, bytes, lanes, most](const Thread& t) {
            uint64_t at = address(t);
            if (at % (bytes * lanes)) refuse("a misaligned access");
            if (shared && at + bytes * lanes > most) refuse("outside shared memory");
            return shared ? t.shared + at : reinterpret_cast<unsigned char*>(at);
        };
        if (load) {
            std::vector<int> to;
            for (auto& r : registers) to.push_back(k.place(r));
            return [where, to, bytes](Thread& t) {
                const unsigned char* from = where(t);
                for (size_t i = 0; i < to.size(); i++) {
                    uint64_t read = 0;
                    std::memcpy(&read, from + i * bytes, bytes);
                    t.registers[to[i]] = read;
                }
            };
        }
        std::vector<Value> values;
        for (auto& r : registers) values.push_back(k.value(r));
        return [where, values, bytes](Thread& t) {
            unsigned char* to = where(t);
            for (size_t i = 0; i < values.size(); i++) {
                uint64_t written = values[i](t);
                std::memcpy(to + i * bytes, &written, bytes);
            }
        };
    }

    Action move(const Strings& args) {
        Strings to = Kernel::parts(args[0]), from = Kernel::parts(args[1]);
        if (to.size() == 1 && from.size() == 1) return set(to[0], k.value(from[0]));
        if (to.size() == 2) {
            Value whole = k.value(from[0]);
            int low = k.place(to[0]), high = k.place(to[1]);
            return [=](Thread& t) {
                uint64_t v = whole(t);
                t.registers[low] = v & 0xffff;
                t.registers[high] = v >> 16 & 0xffff;
            };
        }
        Value low = k.value(from[0]), high = k.value(from[1]);
        return set(to[0], [=](const Thread& t) { return low(t) | high(t) << 16; });
    }

    Action compare(const Strings& op, const Strings& args) {
        Value a = k.value(args[1]), b = k.value(args[2]);
        std::string relation = op[1], type = op[2];
        auto holds = [relation](auto x, auto y) {
            return relation == "lt" ? x < y : relation == "gt" ? x > y : relation == "le" ? x <= y : relation == "ge" ? x >= y : x == y;
        };
        return set(args[0], [=](const Thread& t) -> uint64_t {
            if (type == "f32") return holds(number(a(t)), number(b(t)));
            if (type == "s32") return holds(int32_t(a(t)), int32_t(b(t)));
            return holds(uint32_t(a(t)), uint32_t(b(t)));
        });
    }

    static float larger(float a, float b) { return a != a || b != b ? NAN : a > b ? a : b; }
    static float smaller(float a, float b) { return a != a || b != b ? NAN : a < b ? a : b; }
    static float fused(const std::string& rounding, float a, float b, float c) {
        if (rounding == "rm") {
            double exact = double(a) * b + c;
            float near = float(exact);
            return near > exact ? std::nextafter(near, -INFINITY) : near;
        }
        return std::fma(a, b, c);
    }

    Action conversion(const std::string& name, const Strings& args) {
        Value a = k.value(args[1]);
        if (name == "cvt.rn.bf16x2.f32" || name == "cvt.rn.satfinite.e4m3x2.f32") {
            Value low = k.value(args[2]);
            bool eight = name[7] == 's';
            return set(args[0], [=](const Thread& t) -> uint64_t {
                float h = number(a(t)), l = number(low(t));
                return eight ? encoded(h) << 8 | encoded(l) : packed_bfloat16(l, h);
            });
        }
        if (name == "cvt.rn.f16x2.e4m3x2")
            return set(args[0], [=](const Thread& t) -> uint64_t {
                uint64_t both = 0;
                for (int i = 0; i < 2; i++) {
                    half h = half(decoded(unsigned(a(t) >> 8 * i) & 255));
                    uint16_t raw;
                    std::memcpy(&raw, &h, 2);
                    both |= uint64_t(raw) << 16 * i;
                }
                return both;
            });
        if (name == "cvt.f32.f16")
            return set(args[0], [=](const Thread& t) {
                uint16_t raw = uint16_t(a(t));
                half h;
                std::memcpy(&h, &raw, 2);
                return bits(float(h));
            });
        if (name == "cvt.rn.bf16.f32")
            return set(args[0], [=](const Thread& t) -> uint64_t { return __float2bfloat16(number(a(t))).bits; });
        if (name == "cvt.rmi.f32.f32") return set(args[0], floats(a, +[](float x) { return std::floor(x); }));
        if (name == "cvt.rpi.f32.f32") return set(args[0], floats(a, +[](float x) { return std::ceil(x); }));
        if (name == "cvt.rni.f32.f32") return set(args[0], floats(a, +[](float x) { return std::rint(x); }));
        refuse(name);
    }

    Action arithmetic(const std::string& name, const Strings& args) {
        static const std::map<std::string, float (*)(float)> unary = {
            {"neg.f32", +[](float x) { return -x; }},
            {"abs.f32", +[](float x) { return std::fabs(x); }},
            {"sqrt.rn.f32", +[](float x) { return std::sqrt(x); }},
            {"rcp.rn.f32", +[](float x) { return 1.f / x; }},
            {"rcp.approx.ftz.f32", +[](float x) { return 1.f / x; }},
            {"ex2.approx.ftz.f32", +[](float x) { return std::exp2(x); }}};
        static const std::map<std::string, float (*)(float, float)> binary = {
            {"add.f32", +[](float x, float y) { return x + y; }},
            {"sub.f32", +[](float x, float y) { return x - y; }},
            {"mul.f32", +[](float x, float y) { return x * y; }},
            {"div.full.f32", +[](float x, float y) { return x / y; }},
            {"div.rn.f32", +[](float x, float y) { return x / y; }},
            {"max.NaN.f32", larger},
            {"min.NaN.f32", smaller}};
        static const std::map<std::string, uint32_t (*)(uint32_t, uint32_t)> whole = {
            {"add.s32", +[](uint32_t x, uint32_t y) { return x + y; }},
            {"mul.lo.s32", +[](uint32_t x, uint32_t y) { return x * y; }},
            {"mul.hi.u32", +[](uint32_t x, uint32_t y) { return __umulhi(x, y); }},
            {"shl.b32", +[](uint32_t x, uint32_t y) { return y > 31 ? 0 : x << y; }},
            {"shr.u32", +[](uint32_t x, uint32_t y) { return y > 31 ? 0 : x >> y; }},
            {"and.b32", +[](uint32_t x, uint32_t y) { return x & y; }},
            {"and.pred", +[](uint32_t x, uint32_t y) { return x & y; }},
            {"min.s32", +[](uint32_t x, uint32_t y) { return uint32_t(std::min(int32_t(x), int32_t(y))); }}};
        Value a = k.value(args[1]);
        if (auto found = unary.find(name); found != unary.end()) return set(args[0], floats(a, found->second));
        Value b = k.value(args.at(2));
        if (auto found = binary.find(name); found != binary.end()) return set(args[0], floats(a, b, found->second));
        if (auto found = whole.find(name); found != whole.end()) return set(args[0], words(a, b, found->second));
        if (name == "add.s64") return set(args[0], [=](const Thread& t) { return a(t) + b(t); });
        Value c = k.value(args.at(3));
        if (name == "fma.rn.f32" || name == "fma.rm.f32" || name == "fma.rn.sat.f32") {
            std::string rounding = name.substr(4, 2);
            bool limited = name.size() > 10;
            return set(args[0], [=](const Thread& t) {
                float x = fused(rounding, number(a(t)), number(b(t)), number(c(t)));
                return bits(!limited ? x : x > 0.f ? std::min(x, 1.f) : 0.f);
            });
        }
        if (name == "selp.f32") return set(args[0], [=](const Thread& t) { return c(t) ? a(t) : b(t); });
        if (name == "mad.lo.s32")
            return set(args[0], [=](const Thread& t) -> uint64_t { return uint32_t(a(t)) * uint32_t(b(t)) + uint32_t(c(t)); });
        if (name == "mad.wide.s32")
            return set(args[0], [=](const Thread& t) { return uint64_t(int64_t(int32_t(a(t))) * int32_t(b(t))) + c(t); });
        if (name == "mad.wide.u32")
            return set(args[0], [=](const Thread& t) { return uint64_t(uint32_t(a(t))) * uint32_t(b(t)) + c(t); });
        refuse(name);
    }

    Action instruction(const std::string& name, const Strings& args) {
        Strings op;
        for (size_t at = 0; at <= name.size();) {
            size_t end = std::min(name.find('.', at), name.size());
            op.push_back(name.substr(at, end - at));
            at = end + 1;
        }
        if (op[0] == "griddepcontrol" || op[0] == "fence") return [](Thread&) {};
        if (op[0] == "ret") return [](Thread& t) { t.state = DONE; };
        if (name == "bar.sync") return [](Thread& t) { t.state = AT_BARRIER; };
        if (op[0] == "bra") {
            std::string label = args[0];
            return [this_ = &k, label](Thread& t) { t.next = this_->labels.at(label); };
        }
        if (name == "ld.param.u64") {
            size_t plus = args[1].find('+');
            size_t at = std::stoul(args[1].substr(plus + 1));
            return set(args[0], [at](const Thread& t) {
                uint64_t pointer;
                std::memcpy(&pointer, t.parameters + at, 8);
                return pointer;
            });
        }
        if (name == "cvta.to.global.u64") return set(args[0], k.value(args[1]));
        if (name == "atom.global.inc.u32") {
            Value address = k.address(args[1]), limit = k.value(args[2]);
            return set(args[0], [=](const Thread& t) -> uint64_t {
                return atomicInc(reinterpret_cast<unsigned*>(address(t)), unsigned(limit(t)));
            });
        }
        if (op[0] == "ld" || op[0] == "st") return access(op, args);
        if (op[0] == "mov") return move(args);
        if (op[0] == "setp") return compare(op, args);
        if (op[0] == "cvt") return conversion(name, args);
        if (name == "shfl.sync.bfly.b32") {
            Value given = k.value(args[1]);
            int mask = std::stoi(args[2]), to = k.place(args[0]);
            return [=](Thread& t) {
                t.given = uint32_t(given(t));
                t.mask = mask;
                t.to = to;
                t.state = EXCHANGING;
            };
        }
        return arithmetic(name, args);
    }

    void line(std::string text) {
        if (text.back() == ':') {
            k.labels[text.substr(0, text.size() - 1)] = k.actions.size();
            return;
        }
        if (text.back() != ';') refuse(text);
        text.pop_back();
        Value guard;
        if (text[0] == '@') {
            size_t space = text.find(' ');
            guard = k.value(text.substr(1, space - 1));
            text = text.substr(space + 1);
        }
        size_t space = std::min(text.find(' '), text.size());
        Strings args;
        int depth = 0;
        for (size_t i = space + 1; i <= text.size(); i++) {
            if (args.empty()) args.emplace_back();
            char c = i < text.size() ? text[i] : ' ';
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ',' && depth == 0)
                args.emplace_back();
            else if (c != ' ' || depth > 0)
                args.back() += c;
        }
        Action action = instruction(text.substr(0, space), args);
        k.actions.push_back(guard ? [=](Thread& t) { if (guard(t)) action(t); } : action);
    }
};

using Module = std::map<std::string, std::unique_ptr<Kernel>>;

inline std::unique_ptr<Module> read(const std::string& text) {
    auto module = std::make_unique<Module>();
    Kernel* kernel = nullptr;
    for (size_t at = 0; at < text.size();) {
        size_t end = text.find('\n', at);
        std::string line = text.substr(at, end - at);
        at = end + 1;
        if (starts(line, ".visible .entry ")) {
            std::string name = line.substr(16, line.find('(') - 16);
            kernel = ((*module)[name] = std::make_unique<Kernel>()).get();
        } else if (starts(line, ".shared")) {
            size_t open = line.find('['), name = line.rfind(' ', open);
            kernel->sharedName = line.substr(name + 1, open - name - 1);
            kernel->sharedBytes = std::stoul(line.substr(open + 1));
        } else if (!line.empty() && line[0] != '.' && line[0] != '{' && line[0] != '}' && line[0] != '/') {
            Reader{*kernel}.line(line);
        }
    }
    return module;
}

// One block; whoever waits for a thread that will not come fails the launch.
inline void run(const Kernel& kernel, std::vector<Thread>& threads) {
    size_t done = 0;
    while (done < threads.size()) {
        for (Thread& t : threads)
            while (t.state == RUNNING) {
                const Action& action = kernel.actions.at(t.next++);
                action(t);
                done += t.state == DONE;
            }
        bool moved = false;
        size_t waiting = 0;
        for (size_t warp = 0; warp < threads.size(); warp += 32) {
            size_t exchanging = 0, count = std::min<size_t>(32, threads.size() - warp);
            for (size_t i = 0; i < count; i++) {
                exchanging += threads[warp + i].state == EXCHANGING;
                waiting += threads[warp + i].state == AT_BARRIER;
            }
            if (exchanging < count) continue;
            moved = true;
            for (size_t i = 0; i < count; i++) {
                Thread& t = threads[warp + i];
                if (t.next != threads[warp].next) refuse("an exchange at two places");
                t.registers[t.to] = threads[warp + (i ^ t.mask)].given;
                t.state = RUNNING;
            }
        }
        if (waiting > 0 && waiting + done == threads.size()) {
            moved = true;
            for (Thread& t : threads) t.state = t.state == AT_BARRIER ? RUNNING : t.state;
        }
        if (!moved && done < threads.size()) refuse("threads that wait for ever");
    }
}

inline void launch(const Kernel& kernel, EmulatedIndex grid, EmulatedIndex block, const unsigned char* parameters) {
    std::vector<unsigned char> shared(kernel.sharedBytes + 16);
    std::vector<Thread> threads(block.x);
    EmulatedIndex at;
    for (at.z = 0; at.z < grid.z; at.z++)
        for (at.y = 0; at.y < grid.y; at.y++)
            for (at.x = 0; at.x < grid.x; at.x++) {
                std::fill(shared.begin(), shared.end(), 0xff);
                for (unsigned i = 0; i < block.x; i++) {
                    Thread& t = threads[i];
                    t.registers.assign(kernel.registers.size(), 0x7fc07fc07fc07fc0ull);
                    t.parameters = parameters;
                    t.shared = shared.data();
                    t.thread = {i, 0, 0};
                    t.block = at;
                    t.next = 0;
                    t.state = RUNNING;
                }
                run(kernel, threads);
            }
}
}  // namespace ptx
