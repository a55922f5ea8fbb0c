/* A wide-area network between two TUN devices: rate, delay, loss and a queue, for kernels without netem. network.py compiles and runs it.
 *
 *   wan DEVICE_A DEVICE_B RATE_MIB_S ONE_WAY_MS LOSS QUEUE_KIB
 *
 * Rate, loss and queue hold from A to B; the delay holds both ways. Loss is a fraction (0.001 is one packet in a thousand) and spares small
 * packets, so that handshakes pass. The devices vanish with the process. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 65536
#define LARGEST 9100

typedef struct { uint64_t due; int length; unsigned char *bytes; } packet;

typedef struct {
  packet *queue;
  unsigned head, tail;
  uint64_t last_sent, delay, queue_limit;
  double ns_per_byte, loss;
  int in, out;
} direction;

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static double chance(void) { /* xorshift: the same sequence in every process */
  static uint64_t s = 88172645463325252ull;
  s ^= s << 13; s ^= s >> 7; s ^= s << 17;
  return (s >> 11) * (1.0 / 9007199254740992.0);
}

static int open_tun(const char *name) {
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (fd < 0 || ioctl(fd, TUNSETIFF, &request)) { perror(name); exit(1); }
  return fd;
}

static direction make(int in, int out, double rate, double ms, double loss, double queue) {
  direction d = { .queue = calloc(SLOTS, sizeof(packet)), .in = in, .out = out, .delay = ms * 1e6, .loss = loss,
                  .queue_limit = queue * 1024, .ns_per_byte = rate > 0 ? 1e9 / (rate * 1048576) : 0 };
  return d;
}

static void take(direction *d) {
  unsigned char buffer[LARGEST];
  for (int i = 0; i < 256 && d->head - d->tail < SLOTS; i++) {
    int n = read(d->in, buffer, sizeof buffer);
    if (n <= 0) return;
    uint64_t t = now(), start = d->last_sent > t ? d->last_sent : t;
    if (d->loss > 0 && n > 200 && chance() < d->loss) continue;
    if (d->ns_per_byte > 0) {
      if ((start - t) / d->ns_per_byte > d->queue_limit) continue; /* the queue is full: dropped */
      start += n * d->ns_per_byte;
    }
    d->last_sent = start;
    packet *p = &d->queue[d->head++ % SLOTS];
    p->bytes = malloc(n);
    memcpy(p->bytes, buffer, n);
    p->length = n;
    p->due = start + d->delay;
  }
}

static void give(direction *d) {
  for (uint64_t t = now(); d->tail != d->head && d->queue[d->tail % SLOTS].due <= t; d->tail++) {
    packet *p = &d->queue[d->tail % SLOTS];
    if (write(d->out, p->bytes, p->length) < 0) { /* the other side is down: lost */ }
    free(p->bytes);
  }
}

int main(int count, char **args) {
  if (count < 7) { fprintf(stderr, "wan A B MIB_S ONE_WAY_MS LOSS QUEUE_KIB\n"); return 1; }
  int a = open_tun(args[1]), b = open_tun(args[2]);
  double ms = atof(args[4]);
  direction there = make(a, b, atof(args[3]), ms, atof(args[5]), atof(args[6])), back = make(b, a, 0, ms, 0, 0);
  puts("up");
  fflush(stdout);
  for (;;) {
    take(&there); take(&back); give(&there); give(&back);
    uint64_t t = now(), due = t + 1000000000ull;
    if (there.tail != there.head && there.queue[there.tail % SLOTS].due < due) due = there.queue[there.tail % SLOTS].due;
    if (back.tail != back.head && back.queue[back.tail % SLOTS].due < due) due = back.queue[back.tail % SLOTS].due;
    struct pollfd fds[2] = { { a, POLLIN, 0 }, { b, POLLIN, 0 } };
    uint64_t wait = due > t ? due - t : 0;
    struct timespec span = { wait / 1000000000, wait % 1000000000 };
    ppoll(fds, 2, &span, NULL);
  }
}
