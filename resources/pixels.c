/* The loops over every pixel of every frame for which OpenCV goes several times through memory: layers laid over a
   picture, moved and scaled; a picture graded; a picture as a video signal.

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

enum { COVER, OVER, LIGHT, CLEAR, NOTHING }; /* what a layer does to what lies behind it; as in pixels.py */
enum { TRANSPARENT, REPLICATE }; /* what lies beyond a layer's edges */
enum { WIDEST = 2048 };          /* pixels of a row; a multiple of 4 */

typedef uint8_t pixels4 __attribute__((vector_size(16)));  /* four pixels of BGRA */
typedef uint32_t longs4 __attribute__((vector_size(16)));
typedef uint64_t halves2 __attribute__((vector_size(16)));
typedef uint16_t words16 __attribute__((vector_size(32))); /* the same, with room to multiply */
typedef int16_t shorts16 __attribute__((vector_size(32)));
typedef uint32_t longs8 __attribute__((vector_size(32)));  /* eight pixels of BGRA */
typedef int32_t signed8 __attribute__((vector_size(32)));
typedef uint8_t bytes8 __attribute__((vector_size(8)));
typedef int8_t steps8 __attribute__((vector_size(8)));

typedef struct {
    const uint8_t *pixels; /* premultiplied BGRA */
    int64_t stride;        /* bytes a row */
    int32_t width, height, border;
} plate;

enum { IN_A_ROW, AMONG_FOUR, APART, BEYOND }; /* how four columns of the plate, and the four right of them, are read */

/* For each column of the target the plate's column at its left, and the weight of the next. Of each four columns: how they
   are read, and where their pixels stand among the four from the first one's on, in bytes. */
typedef struct {
    int32_t width;
    int32_t at[WIDEST];
    int32_t read[WIDEST / 4];
    words16 right[WIDEST / 4];
    pixels4 among[WIDEST / 4];
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
    halves2 halves = (halves2)four;
    return (halves[0] | halves[1]) != 0;
}

INLINE int opaque(pixels4 four)
{
    const uint64_t alphas = 0xff000000ff000000u;
    halves2 halves = (halves2)four;
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

/* The same of columns that stand among the four from the first one's on. */
INLINE pixels4 picked(const uint8_t *row, const int32_t at[4], pixels4 among)
{
#ifdef __clang__
    (void)among;
    return gathered(row, at);
#else
    return __builtin_shuffle(loaded(row + 4 * at[0]), among);
#endif
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

INLINE int read_as(const int32_t at[4], int32_t plate_width)
{
    int32_t span = at[3] - at[0];
    if (span < 0 || at[0] < 0 || at[0] >= plate_width - (span > 3 ? span + 1 : 4)) return BEYOND;
    return span == 3 ? IN_A_ROW : span < 3 ? AMONG_FOUR : APART;
}

INLINE void place(columns *all, int32_t width, int32_t plate_width, int64_t x, int64_t step)
{
    all->width = width;
    for (int32_t four = 0; four < (width + 3) / 4; four++) {
        int32_t *at = all->at + 4 * four;
        for (int32_t one = 0; one < 4; one++, x += step) {
            uint16_t right = (uint8_t)(x >> 24);
            at[one] = (int32_t)(x >> 32);
            for (int lane = 0; lane < 4; lane++) {
                all->right[four][4 * one + lane] = right;
                all->among[four][4 * one + lane] = (uint8_t)(4 * (at[one] - at[0]) + lane);
            }
        }
        all->read[four] = read_as(at, plate_width);
    }
}

/* (256 - weight) parts of one, and weight parts of the other. */
INLINE words16 between(words16 one, words16 other, words16 weight)
{
    return ((one << 8) + (other - one) * weight + 128) >> 8; /* the difference may wrap: the sum does not */
}

INLINE void resample(line *out, const columns *all, const plate *from, int64_t row, int how)
{
    const uint8_t *pixels = from->pixels + row * from->stride;
    int inside = row >= 0 && row < from->height;
    out->row = row;
    out->first = all->width;
    out->end = 0;
    for (int32_t four = 0; four < (all->width + 3) / 4; four++) {
        const int32_t *at = all->at + 4 * four, read = inside ? all->read[four] : BEYOND;
        pixels4 one, two;
        if (read == IN_A_ROW) {
            one = loaded(pixels + 4 * at[0]);
            two = loaded(pixels + 4 * at[0] + 4);
        } else if (read == AMONG_FOUR) {
            one = picked(pixels, at, all->among[four]);
            two = picked(pixels + 4, at, all->among[four]);
        } else if (read == APART) {
            one = gathered(pixels, at);
            two = gathered(pixels + 4, at);
        } else {
            one = tapped(from, at, 0, row);
            two = tapped(from, at, 1, row);
        }
        if (how != COVER && any(one | two)) {
            if (out->end == 0) out->first = 4 * four;
            out->end = 4 * four + 4;
        }
        out->pixels[four] = between(widened(one), widened(two), all->right[four]);
    }
}

/* As much of a row as it is, four pixels at a time. */
INLINE void lay_row(uint8_t *to, const uint8_t *from, int32_t width, int how)
{
    uint8_t last[16] = {0}, rest[16] = {0};
    int32_t column = 0;
    for (; column + 4 <= width; column += 4) lay(to + 4 * column, loaded(from + 4 * column), how);
    if (column < width) { /* fewer than four pixels are left */
        size_t left = 4 * (size_t)(width - column);
        memcpy(last, to + 4 * column, left);
        memcpy(rest, from + 4 * column, left);
        lay(last, loaded(rest), how);
        memcpy(to + 4 * column, last, left);
    }
}

/* Whether each pixel of the target is one of the plate's. */
INLINE int is_moved_whole(const plate *from, const int64_t way[4], int32_t width, int32_t height)
{
    const int64_t one = (int64_t)1 << 32;
    return way[0] == one && way[2] == one && (uint8_t)(way[1] >> 24) == 0 && (uint8_t)(way[3] >> 24) == 0 && way[1] >= 0
           && way[3] >= 0 && (way[1] >> 32) + width <= from->width && (way[3] >> 32) + height <= from->height;
}

/* Each row of the plate is resampled once, and mixed with the one below. */
INLINE void compose(uint8_t *target, int64_t stride, int32_t width, int32_t height, const plate *from,
                    const int64_t way[4], int how)
{
    columns all;
    line kept[2];
    if (is_moved_whole(from, way, width, height)) {
        const uint8_t *row = from->pixels + (way[3] >> 32) * from->stride + 4 * (way[1] >> 32);
        for (; height > 0; height--, target += stride, row += from->stride) lay_row(target, row, width, how);
        return;
    }
    place(&all, width, from->width, way[1], way[0]);
    kept[0].row = kept[1].row = INT64_MIN;
    for (int32_t row = 0; row < height; row++, target += stride) {
        int64_t y = way[2] * row + way[3], at = y >> 32;
        words16 below = (words16){0} + (uint16_t)(uint8_t)(y >> 24);
        line *upper = &kept[at & 1], *lower = &kept[(at + 1) & 1];
        int32_t first = 0, end = width;
        const words16 *above, *under;
        uint8_t *to, last[16] = {0};
        if (upper->row != at) resample(upper, &all, from, at, how);
        if (lower->row != at + 1) resample(lower, &all, from, at + 1, how);
        if (how != COVER) {
            first = upper->first < lower->first ? upper->first : lower->first;
            end = upper->end > lower->end ? upper->end : lower->end;
            if (end > width) end = width;
        }
        above = upper->pixels + first / 4;
        under = lower->pixels + first / 4;
        for (to = target + 4 * first; first + 4 <= end; first += 4, to += 16)
            lay(to, narrowed(between(*above++, *under++, below)), how);
        if (first < end) { /* fewer than four pixels are left */
            memcpy(last, to, 4 * (size_t)(end - first));
            lay(last, narrowed(between(*above, *under, below)), how);
            memcpy(to, last, 4 * (size_t)(end - first));
        }
    }
}

/* A plate to lay over a rectangle of a picture, as pixels.py writes it down. `way` leads from the rectangle's pixels to
   the plate's, with 32 fractional bits: step and start of columns, step and start of rows. */
typedef struct {
    uint8_t *target;
    const uint8_t *pixels;
    int64_t target_stride, stride, way[4];
    int32_t width, height, plate_width, plate_height, how, border;
} lay_order;

INLINE void clear(const lay_order *one)
{
    for (int32_t row = 0; row < one->height; row++) memset(one->target + row * one->target_stride, 0, 4 * (size_t)one->width);
}

/* Carries out orders, first to last. Bilinear, with 8 bits of fraction, columns before rows; rows stay rows. */
BY_PROCESSOR void lay_plates(const lay_order *orders, int64_t count)
{
    for (const lay_order *one = orders; one < orders + count; one++) {
        plate from = {one->pixels, one->stride, one->plate_width, one->plate_height, one->border};
        if (one->how == COVER)
            compose(one->target, one->target_stride, one->width, one->height, &from, one->way, COVER);
        else if (one->how == OVER)
            compose(one->target, one->target_stride, one->width, one->height, &from, one->way, OVER);
        else if (one->how == LIGHT)
            compose(one->target, one->target_stride, one->width, one->height, &from, one->way, LIGHT);
        else if (one->how == CLEAR)
            clear(one);
    }
}

/* What bends a picture's colours; what is NULL is left out. */
typedef struct {
    const int16_t *colours; /* rows of blue, green, red: what of each is added to a channel, and how much besides, in 128ths */
    const uint8_t *shade;   /* a byte a pixel: how much of the light remains, of 255 */
    const int8_t *grain;    /* a byte a pixel: what is added to every channel */
    int64_t shade_stride, grain_stride;
} bending;

/* The same colours for eight pixels at once. Blue and red lie in one vector, green in the low halves of another: so nothing
   has to change its place. */
typedef struct {
    words16 own, green, other, more; /* to blue and red: of themselves, of green, of each other, and besides */
    words16 ends;                    /* to green: of blue and red, */
    uint16_t itself, besides;
} mixture;

/* A byte a pixel as two words a pixel. */
INLINE void twice(uint32_t *out, const uint8_t *bytes, int32_t width)
{
    for (int32_t column = 0; column < width; column++) out[column] = bytes[column] * 0x10001u;
}

INLINE void twice_signed(uint32_t *out, const int8_t *bytes, int32_t width)
{
    for (int32_t column = 0; column < width; column++) out[column] = (uint16_t)bytes[column] * 0x10001u;
}

INLINE words16 eight_of(const uint32_t *twice)
{
    words16 eight;
    memcpy(&eight, twice, 32);
    return eight;
}

INLINE words16 in_range(shorts16 levels)
{
    levels &= ~(levels >> 15);
    return (words16)((levels | (levels > 255)) & 255);
}

INLINE words16 part(words16 levels, words16 of_255)
{
    levels = levels * of_255 + 128;
    return (levels + (levels >> 8)) >> 8; /* exactly the rounded quotient by 255 */
}

INLINE words16 in_turn(int16_t one, int16_t other)
{
    longs8 none = {0};
    return (words16)(none + ((uint16_t)one | (uint32_t)(uint16_t)other << 16));
}

INLINE mixture mixed(const int16_t *c)
{
    const int half = 64; /* so that cutting off rounds */
    mixture all = {in_turn(c[0], c[10]), in_turn(c[1], c[9]), in_turn(c[2], c[8]),
                   in_turn((int16_t)(c[3] + half), (int16_t)(c[11] + half)),
                   in_turn(c[4], c[6]), (uint16_t)c[5], (uint16_t)(c[7] + half)};
    return all;
}

/* Eight pixels. `shade` and `grain` are there once for blue and green, and once for red. What is NULL is left out. */
INLINE longs8 bent(longs8 pixels, const mixture *mix, const uint32_t *shade, const uint32_t *grain)
{
    words16 ends = (words16)(pixels & 0x00ff00ff), green = (words16)(pixels >> 8 & 0xff);
    if (mix) {
        words16 swapped = (words16)((longs8)ends >> 16 | (longs8)ends << 16);
        words16 to_ends = ends * mix->own + (words16)((longs8)green | (longs8)green << 16) * mix->green
                          + swapped * mix->other + mix->more;
        longs8 of_ends = (longs8)(ends * mix->ends);
        words16 to_green = (words16)(of_ends + (of_ends >> 16)) + green * mix->itself + mix->besides;
        ends = in_range((shorts16)ends + ((shorts16)to_ends >> 7));
        green = in_range((shorts16)green + ((shorts16)to_green >> 7));
    }
    if (shade) {
        ends = part(ends, eight_of(shade));
        green = part(green, eight_of(shade));
    }
    if (grain) {
        ends = in_range((shorts16)(ends + eight_of(grain)));
        green = in_range((shorts16)(green + eight_of(grain)));
    }
    return (longs8)ends | (longs8)green << 8 | 0xff000000u;
}

/* Grades BGRA in place, rows of at most WIDEST pixels; alpha becomes 255. */
BY_PROCESSOR void bend(uint8_t *pixels, int64_t stride, int32_t width, int32_t height, const bending *how)
{
    uint32_t shade[WIDEST], grain[WIDEST];
    mixture colours = {0}, *mix = 0;
    if (how->colours) colours = mixed(how->colours), mix = &colours;
    for (int32_t row = 0; row < height; row++, pixels += stride) {
        if (how->shade) twice(shade, how->shade + row * how->shade_stride, width);
        if (how->grain) twice_signed(grain, how->grain + row * how->grain_stride, width);
        for (int32_t column = 0; column < width; column += 8) {
            size_t size = width - column < 8 ? 4 * (size_t)(width - column) : 32;
            longs8 eight = {0};
            if (size == 32) memcpy(&eight, pixels + 4 * column, 32);
            else memcpy(&eight, pixels + 4 * column, size);
            eight = bent(eight, mix, how->shade ? shade + column : 0, how->grain ? grain + column : 0);
            if (size == 32) memcpy(pixels + 4 * column, &eight, 32);
            else memcpy(pixels + 4 * column, &eight, size);
        }
    }
}

/* Rows Y', Cb, Cr of blue, green, red and what is added, in 65,536ths of a level. */
typedef struct {
    int32_t blue, green, red, more;
} weights;

INLINE uint8_t weighed(const weights *by, uint32_t blue, uint32_t green, uint32_t red, int bits)
{
    return (uint8_t)((by->blue * (int32_t)blue + by->green * (int32_t)green + by->red * (int32_t)red
                      + (by->more << (bits - 16))) >> bits);
}

/* BGRA as planar 4:2:0: a plane of luma, and two of chroma with half its width and height. A chroma sample weighs the columns
   x-1, x, x+1 of two rows by 1 2 1: it lies on the left column of each pair, between two rows (H.264's default, type 0).
   Sides are even, rows of at most WIDEST pixels. */
BY_PROCESSOR void signal_of(const uint8_t *pixels, int64_t stride, int32_t width, int32_t height, const weights *rows,
                            uint8_t *signal)
{
    const weights y = rows[0], cb = rows[1], cr = rows[2];
    uint8_t *blue = signal + (int64_t)width * height, *red = blue + (int64_t)width * height / 4;
    uint32_t upper[WIDEST], lower[WIDEST];
    uint32_t ends[WIDEST + 1], green[WIDEST + 1]; /* sums of two rows, blue and red in one; the first column twice */
    uint8_t upper_luma[WIDEST], lower_luma[WIDEST], blues[WIDEST / 2], reds[WIDEST / 2];
    for (int32_t row = 0; row < height; row += 2, signal += 2 * width, blue += width / 2, red += width / 2) {
        memcpy(upper, pixels + row * stride, 4 * (size_t)width);
        memcpy(lower, pixels + (row + 1) * stride, 4 * (size_t)width);
        for (int32_t column = 0; column < width; column++) {
            uint32_t one = upper[column], other = lower[column];
            upper_luma[column] = weighed(&y, one & 0xff, one >> 8 & 0xff, one >> 16 & 0xff, 16);
            lower_luma[column] = weighed(&y, other & 0xff, other >> 8 & 0xff, other >> 16 & 0xff, 16);
            ends[column + 1] = (one & 0x00ff00ff) + (other & 0x00ff00ff);
            green[column + 1] = (one >> 8 & 0xff) + (other >> 8 & 0xff);
        }
        ends[0] = ends[1];
        green[0] = green[1];
        for (int32_t pair = 0; pair < width / 2; pair++) {
            uint32_t e = ends[2 * pair] + 2 * ends[2 * pair + 1] + ends[2 * pair + 2];
            uint32_t g = green[2 * pair] + 2 * green[2 * pair + 1] + green[2 * pair + 2];
            blues[pair] = weighed(&cb, e & 0xffff, g, e >> 16, 19);
            reds[pair] = weighed(&cr, e & 0xffff, g, e >> 16, 19);
        }
        memcpy(signal, upper_luma, (size_t)width);
        memcpy(signal + width, lower_luma, (size_t)width);
        memcpy(blue, blues, (size_t)width / 2);
        memcpy(red, reds, (size_t)width / 2);
    }
}
