/* One token through a decoder, on one thread, weights read once and where they lie.

   Compiled on the user's machine by native.py, which says when it is used. The same network as
   transformer.py: RMSNorm, rotary positions, grouped-query attention, SwiGLU. All fp32.

   D width, H heads, K key/value heads, E numbers a head, F feed-forward width, V vocabulary. */

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { ATTENTION_NORM, QUERY, KEY, VALUE, OUTPUT, QUERY_NORM, KEY_NORM,
       FEED_FORWARD_NORM, GATE, UP, DOWN, PER_BLOCK };

static float dot(const float *restrict a, const float *restrict b, int n)
{
    float sum = 0;
    for (int i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* out[row] = matrix[row] . in, added to out[row] where `add`. Four quarters of the matrix abreast
   are four long streams to the memory; neighbouring rows would be one, and one core waits. */
static void product(const float *restrict matrix, const float *restrict in, float *restrict out,
                    int rows, int columns, int add)
{
    int quarter = rows / 4;
    size_t apart = (size_t)quarter * columns;
    for (int row = 0; row < quarter; row++) {
        const float *r0 = matrix + (size_t)row * columns, *r1 = r0 + apart, *r2 = r1 + apart;
        const float *r3 = r2 + apart;
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (int i = 0; i < columns; i++) {
            s0 += r0[i] * in[i];
            s1 += r1[i] * in[i];
            s2 += r2[i] * in[i];
            s3 += r3[i] * in[i];
        }
        float *o0 = out + row, *o1 = o0 + quarter, *o2 = o1 + quarter, *o3 = o2 + quarter;
        *o0 = add ? *o0 + s0 : s0;
        *o1 = add ? *o1 + s1 : s1;
        *o2 = add ? *o2 + s2 : s2;
        *o3 = add ? *o3 + s3 : s3;
    }
    for (int row = 4 * quarter; row < rows; row++) {
        float sum = dot(matrix + (size_t)row * columns, in, columns);
        out[row] = add ? out[row] + sum : sum;
    }
}

static void norm(const float *restrict in, const float *restrict weight, float *restrict out,
                 int n, float eps)
{
    float scale = 1.0f / sqrtf(dot(in, in, n) / n + eps);
    for (int i = 0; i < n; i++) out[i] = in[i] * scale * weight[i];
}

/* norm where there is one, then turn: pairs are i and i + E/2, sines carry their sign */
static void turn(float *head, const float *norm_weight, const float *cosines, const float *sines,
                 int E, float eps)
{
    if (norm_weight) {
        float scale = 1.0f / sqrtf(dot(head, head, E) / E + eps);
        for (int i = 0; i < E; i++) head[i] *= scale * norm_weight[i];
    }
    for (int i = 0, half = E / 2; i < half; i++) {
        float first = head[i], second = head[i + half];
        head[i] = first * cosines[i] + second * sines[i];
        head[i + half] = second * cosines[i + half] + first * sines[i + half];
    }
}

/* what one query head gathers from `seen` positions */
static void gather(const float *restrict query, const float *restrict keys,
                   const float *restrict values, float *restrict scores, float *restrict out,
                   int seen, int E)
{
    float largest = -INFINITY, sum = 0, scale = 1.0f / sqrtf((float)E);
    product(keys, query, scores, seen, E, 0);
    for (int s = 0; s < seen; s++) {
        scores[s] *= scale;
        if (scores[s] > largest) largest = scores[s];
    }
    for (int s = 0; s < seen; s++) sum += scores[s] = expf(scores[s] - largest);
    memset(out, 0, sizeof(float) * E);
    for (int s = 0; s < seen; s++) {
        float share = scores[s] / sum;
        for (int i = 0; i < E; i++) out[i] += share * values[(size_t)s * E + i];
    }
}

/* sizes: layers, D, H, K, F, V, capacity. weights: PER_BLOCK a block, then embedding, final norm,
   head. keys, values: [layers, K, capacity, E]. work: 3 D + (H + 2 K) E + 2 F + capacity. */
void one_token(const int *sizes, const float *const *weights, float eps, int token, int position,
               const float *cosines, const float *sines, float *keys, float *values, float *work,
               float *logits)
{
    const int layers = sizes[0], D = sizes[1], H = sizes[2], K = sizes[3], F = sizes[4];
    const int V = sizes[5], capacity = sizes[6], E = D / H;
    float *hidden = work, *normed = hidden + D, *gathered = normed + D, *query = gathered + D;
    float *key = query + H * E, *value = key + K * E, *gate = value + K * E, *up = gate + F;
    float *scores = up + F;
    const float *const *last = weights + (size_t)layers * PER_BLOCK;
    memcpy(hidden, last[0] + (size_t)token * D, sizeof(float) * D);
    for (int layer = 0; layer < layers; layer++, weights += PER_BLOCK) {
        norm(hidden, weights[ATTENTION_NORM], normed, D, eps);
        product(weights[QUERY], normed, query, H * E, D, 0);
        product(weights[KEY], normed, key, K * E, D, 0);
        product(weights[VALUE], normed, value, K * E, D, 0);
        for (int k = 0; k < K; k++) {
            size_t start = ((size_t)layer * K + k) * capacity * E, here = start + (size_t)position * E;
            turn(key + k * E, weights[KEY_NORM], cosines, sines, E, eps);
            memcpy(keys + here, key + k * E, sizeof(float) * E);
            memcpy(values + here, value + k * E, sizeof(float) * E);
            for (int h = k * (H / K); h < (k + 1) * (H / K); h++) {
                turn(query + h * E, weights[QUERY_NORM], cosines, sines, E, eps);
                gather(query + h * E, keys + start, values + start, scores, gathered + h * E,
                       position + 1, E);
            }
        }
        product(weights[OUTPUT], gathered, hidden, D, D, 1);
        norm(hidden, weights[FEED_FORWARD_NORM], normed, D, eps);
        product(weights[GATE], normed, gate, F, D, 0);
        product(weights[UP], normed, up, F, D, 0);
        for (int i = 0; i < F; i++) gate[i] = gate[i] / (1.0f + expf(-gate[i])) * up[i];
        product(weights[DOWN], gate, hidden, D, F, 1);
    }
    norm(hidden, last[1], normed, D, eps);
    product(last[2], normed, logits, V, D, 0);
}
