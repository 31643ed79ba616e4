/* Says so, in one line, where the processor lacks what the program is compiled for (x86-64-v3).
 *
 * Rust's own check folds to true under that target, and C++ constructors of the libraries run before
 * main: so this asks the processor itself, in the program's first constructor, compiled for the
 * baseline. The bits: Intel SDM, volume 2, CPUID; the level: x86-64 psABI, micro-architecture levels. */

#include <cpuid.h>
#include <string.h>
#include <unistd.h>

static int has(unsigned word, unsigned bits) { return (word & bits) == bits; }

static int level_3(void) {
    const unsigned leaf_1 = bit_SSE3 | bit_SSSE3 | bit_SSE4_1 | bit_SSE4_2 | bit_POPCNT | bit_FMA | bit_MOVBE |
                            bit_F16C | bit_AVX | bit_OSXSAVE;
    unsigned a, b, c, d, state, high;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !has(c, leaf_1)) return 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !has(b, bit_AVX2 | bit_BMI | bit_BMI2)) return 0;
    if (!__get_cpuid(0x80000001, &a, &b, &c, &d) || !has(c, bit_LZCNT)) return 0;
    /* The system saves the wide registers (XCR0: SSE and AVX state). */
    __asm__ volatile("xgetbv" : "=a"(state), "=d"(high) : "c"(0));
    return has(state, 6);
}

__attribute__((constructor(101))) static void check_processor(void) {
    static const char line[] =
        "portray: this processor lacks AVX2 (x86-64-v3), which this build needs; "
        "build from source with target-cpu=native in .cargo/config.toml\n";
    if (level_3()) return;
    ssize_t written = write(STDERR_FILENO, line, sizeof line - 1);
    (void)written;
    _exit(1);
}
