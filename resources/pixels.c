/* The loop over every pixel of every frame for which OpenCV goes several times through memory: a layer laid over a
   picture, moved and scaled.

   All arithmetic is on integers of a stated width, so the same input gives the same bytes with every compiler and on
   every little-endian machine. Vectors are GCC's and Clang's, which become whatever the processor has. */

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GLIBC__)
#define BY_PROCESSOR __attribute__((target_clones("avx2", "default"))) /* chosen when the library is loaded */
#else
#define BY_PROCESSOR
#endif
#define INLINE static inline __attribute__((always_inline)) /* into each of them */

enum { COVER, OVER, LIGHT };     /* what a layer does to what lies behind it; as in pixels.py */
enum { TRANSPARENT, REPLICATE }; /* what lies beyond a layer's edges */
enum { WIDEST = 2048 };          /* pixels of a row; a multiple of 4 */

typedef uint8_t pixels4 __attribute__((vector_size(16)));  /* four pixels of BGRA */
typedef uint32_t longs4 __attribute__((vector_size(16)));
typedef uint16_t words16 __attribute__((vector_size(32))); /* the same, with room to multiply */

typedef struct {
    const uint8_t *pixels; /* premultiplied BGRA */
    int64_t stride;        /* bytes a row */
    int32_t width, height, border;
} plate;

/* For each column of the target the plate's column at its left, and the weights of that and the next. */
typedef struct {
    int32_t width;
    int32_t at[WIDEST];
    words16 left[WIDEST / 4], right[WIDEST / 4];
} columns;

/* A row of the plate, resampled to the columns of the target. Outside [first, end) it is empty. */
typedef struct {
    int64_t row;
    int32_t first, end;
    words16 pixels[WIDEST / 4];
} line;

INLINE pixels4 loaded(const uint8_t *from)
{
    pixels4 four;
    memcpy(&four, from, 16);
    return four;
}

INLINE words16 widened(pixels4 four)
{
    return __builtin_convertvector(four, words16);
}

INLINE pixels4 narrowed(words16 four)
{
    return __builtin_convertvector(four, pixels4);
}

/* Each pixel's alpha in all its lanes. */
INLINE words16 alpha_of(words16 four)
{
#ifdef __clang__
    return __builtin_shufflevector(four, four, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15);
#else
    return __builtin_shuffle(four, (words16){3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15});
#endif
}

INLINE int any(pixels4 four)
{
    uint64_t halves[2];
    memcpy(halves, &four, 16);
    return (halves[0] | halves[1]) != 0;
}

INLINE int opaque(pixels4 four)
{
    const uint64_t alphas = 0xff000000ff000000u;
    uint64_t halves[2];
    memcpy(halves, &four, 16);
    return (halves[0] & halves[1] & alphas) == alphas;
}

INLINE const uint8_t *tap(const plate *from, int64_t x, int64_t y)
{
    static const uint8_t nothing[4];
    if (from->border == TRANSPARENT && (x < 0 || y < 0 || x >= from->width || y >= from->height)) return nothing;
    x = x < 0 ? 0 : x >= from->width ? from->width - 1 : x;
    y = y < 0 ? 0 : y >= from->height ? from->height - 1 : y;
    return from->pixels + y * from->stride + 4 * x;
}

INLINE uint32_t pixel(const uint8_t *at)
{
    uint32_t one;
    memcpy(&one, at, 4);
    return one;
}

INLINE pixels4 gathered(const uint8_t *row, const int32_t at[4])
{
    return (pixels4)(longs4){pixel(row + 4 * at[0]), pixel(row + 4 * at[1]), pixel(row + 4 * at[2]), pixel(row + 4 * at[3])};
}

INLINE pixels4 tapped(const plate *from, const int32_t at[4], int next, int64_t row)
{
    return (pixels4)(longs4){pixel(tap(from, at[0] + next, row)), pixel(tap(from, at[1] + next, row)),
                             pixel(tap(from, at[2] + next, row)), pixel(tap(from, at[3] + next, row))};
}

/* Four pixels of a layer upon four of the picture. */
INLINE void lay(uint8_t *target, pixels4 layer, int how)
{
    words16 behind, above;
    if (how == COVER || (how == OVER && opaque(layer))) {
        memcpy(target, &layer, 16);
        return;
    }
    if (!any(layer)) return;
    behind = widened(loaded(target));
    above = widened(layer);
    if (how == OVER) {
        behind = behind * (255 - alpha_of(above));
        behind = (behind + 128 + ((behind + 128) >> 8)) >> 8; /* exactly the rounded quotient by 255 */
    }
    behind += above;
    layer = narrowed(behind | (words16)(behind > 255)); /* saturated: all ones where it is too much */
    memcpy(target, &layer, 16);
}

INLINE void place(columns *all, int32_t width, int64_t x, int64_t step)
{
    all->width = width;
    for (int32_t column = 0; column < (width + 3) / 4 * 4; column++, x += step) {
        uint16_t right = (uint8_t)(x >> 24);
        all->at[column] = (int32_t)(x >> 32);
        for (int lane = 0; lane < 4; lane++) {
            all->left[column / 4][column % 4 * 4 + lane] = 256 - right;
            all->right[column / 4][column % 4 * 4 + lane] = right;
        }
    }
}

INLINE void resample(line *out, const columns *all, const plate *from, int64_t row)
{
    const uint8_t *pixels = from->pixels + row * from->stride;
    int inside = row >= 0 && row < from->height;
    out->row = row;
    out->first = all->width;
    out->end = 0;
    for (int32_t column = 0; column < all->width; column += 4) {
        const int32_t *at = all->at + column;
        pixels4 one, two;
        if (inside && at[0] >= 0 && at[3] < from->width - 1) {
            if (at[3] == at[0] + 3) {
                one = loaded(pixels + 4 * at[0]);
                two = loaded(pixels + 4 * at[0] + 4);
            } else {
                one = gathered(pixels, at);
                two = gathered(pixels + 4, at);
            }
        } else {
            one = tapped(from, at, 0, row);
            two = tapped(from, at, 1, row);
        }
        if (any(one | two)) {
            if (out->end == 0) out->first = column;
            out->end = column + 4;
        }
        out->pixels[column / 4]
            = (widened(one) * all->left[column / 4] + widened(two) * all->right[column / 4] + 128) >> 8;
    }
}

INLINE pixels4 between(const words16 *above, const words16 *under, uint16_t below)
{
    return narrowed((*above * (uint16_t)(256 - below) + *under * below + 128) >> 8);
}

/* Each row of the plate is resampled once, and mixed with the one below. */
INLINE void compose(uint8_t *target, int64_t stride, int32_t width, int32_t height, const plate *from,
                    const int64_t way[4], int how)
{
    columns all;
    line kept[2];
    place(&all, width, way[1], way[0]);
    kept[0].row = kept[1].row = INT64_MIN;
    for (int32_t row = 0; row < height; row++, target += stride) {
        int64_t y = way[2] * row + way[3], at = y >> 32;
        uint16_t below = (uint8_t)(y >> 24);
        line *upper = &kept[at & 1], *lower = &kept[(at + 1) & 1];
        int32_t first = 0, end = width;
        const words16 *above, *under;
        uint8_t *to, last[16] = {0};
        if (upper->row != at) resample(upper, &all, from, at);
        if (lower->row != at + 1) resample(lower, &all, from, at + 1);
        if (how != COVER) {
            first = upper->first < lower->first ? upper->first : lower->first;
            end = upper->end > lower->end ? upper->end : lower->end;
            if (end > width) end = width;
        }
        above = upper->pixels + first / 4;
        under = lower->pixels + first / 4;
        for (to = target + 4 * first; first + 4 <= end; first += 4, to += 16) lay(to, between(above++, under++, below), how);
        if (first < end) { /* fewer than four pixels are left */
            memcpy(last, to, 4 * (size_t)(end - first));
            lay(last, between(above, under, below), how);
            memcpy(to, last, 4 * (size_t)(end - first));
        }
    }
}

/* Lays a plate over `target`, BGRA of at most WIDEST pixels a row; rows stay rows. `way` leads from target pixels to
   plate pixels, with 32 fractional bits: step and start of columns, step and start of rows. Bilinear, with 8 bits of
   fraction, columns before rows. */
BY_PROCESSOR void lay_plate(uint8_t *target, int64_t stride, int32_t width, int32_t height, const uint8_t *pixels,
                            int64_t plate_stride, int32_t plate_width, int32_t plate_height, const int64_t *way,
                            int32_t how, int32_t border)
{
    plate from = {pixels, plate_stride, plate_width, plate_height, border};
    if (how == COVER) compose(target, stride, width, height, &from, way, COVER);
    else if (how == OVER) compose(target, stride, width, height, &from, way, OVER);
    else compose(target, stride, width, height, &from, way, LIGHT);
}
