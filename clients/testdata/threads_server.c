/* The server of the workbook in C, with a thread for each client.
 *
 *   cc -O2 -pthread threads_server.c -o threads_server && ./threads_server [port]
 *
 * With -DDEADLY it forgets to ignore SIGPIPE, as most first servers do: the first client that
 * leaves before its reply ends them. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN = 16384, ROOM = 2 * IN, CHEAP = 1 << 20 };

struct client {
	int fd;
	enum { OUTSIDE, OPENED, ECHO, NUMBER } state;
	const char *wrong;	/* with the number, if anything */
	int digits;		/* whether there are any */
	uint64_t n;
	size_t ready;		/* bytes of out */
	char out[ROOM];
};

/* flush sends what is ready, and returns whether the client is there. */
static int flush(struct client *c) {
	size_t sent = 0;
	while (sent < c->ready) {
		ssize_t n = write(c->fd, c->out + sent, c->ready - sent);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return 0;
		sent += n;
	}
	c->ready = 0;
	return 1;
}

/* say adds to what is ready. */
static int say(struct client *c, const char *text, size_t n) {
	if (c->ready + n > ROOM && !flush(c))
		return 0;
	memcpy(c->out + c->ready, text, n);
	c->ready += n;
	return 1;
}

static int is_prime(uint64_t n) {
	if (n < 2 || n % 2 == 0)
		return n == 2;
	for (uint64_t i = 3; i <= n / i; i += 2)
		if (n % i == 0)
			return 0;
	return 1;
}

/* verdict answers a number. What is ready doesn't wait for a long check. */
static int verdict(struct client *c) {
	char reply[64];
	const char *wrong = c->wrong ? c->wrong : c->digits ? NULL : "no digits";
	if (wrong)
		return say(c, reply, snprintf(reply, sizeof reply, "error: %s\n", wrong));
	if (c->n >= CHEAP && !flush(c))
		return 0;
	return say(c, reply, snprintf(reply, sizeof reply, is_prime(c->n) ? "prime\n" : "composite\n"));
}

static void digit(struct client *c, char b) {
	uint64_t d = (unsigned char)b - '0';
	if (c->wrong)
		return;
	if (b < '0' || b > '9')
		c->wrong = "not a number";
	else if (c->n > (UINT64_MAX - d) / 10)
		c->wrong = "number too large";
	else
		c->n = 10 * c->n + d, c->digits = 1;
}

/* take handles one byte. */
static int take(struct client *c, char b) {
	switch (c->state) {
	case OUTSIDE:
		if (b == '^')
			c->state = OPENED;
		return 1;
	case NUMBER:
		if (b != '$')
			return digit(c, b), 1;
		c->state = OUTSIDE;
		return verdict(c);
	case OPENED:
		if (b == 'P') {
			c->state = NUMBER, c->wrong = NULL, c->digits = 0, c->n = 0;
			return 1;
		}
		c->state = ECHO;
		/* fall through */
	case ECHO:
		if (b == '$')
			return c->state = OUTSIDE, 1;
		return b++, say(c, &b, 1);
	}
	return 0;
}

static void *serve(void *arg) {
	struct client *c = arg;
	char in[IN];
	ssize_t n;
	int here = say(c, "*", 1) && flush(c);
	while (here && (n = read(c->fd, in, sizeof in)) != 0) {
		if (n < 0 && errno != EINTR)
			break;
		for (ssize_t i = 0; i < n && here; i++)
			here = take(c, in[i]);
		here = here && flush(c);
	}
	close(c->fd);
	free(c);
	return NULL;
}

int main(int argc, char **argv) {
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 7878)};
	socklen_t size = sizeof addr;
	int yes = 1, ln = socket(AF_INET, SOCK_STREAM, 0);
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(ln, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(ln, (struct sockaddr *)&addr, size) < 0 || listen(ln, SOMAXCONN) < 0)
		return perror("listen"), 1;
	getsockname(ln, (struct sockaddr *)&addr, &size);
	printf("listening on 127.0.0.1:%d\n", ntohs(addr.sin_port));
	fflush(stdout);
#ifndef DEADLY
	signal(SIGPIPE, SIG_IGN);
#endif
	for (;;) {
		pthread_t thread;
		struct client *c;
		int fd = accept(ln, NULL, NULL);
		if (fd < 0) {
			usleep(10000); /* no descriptor is free: wait */
			continue;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
		c = calloc(1, sizeof *c);
		if (c)
			c->fd = fd;
		if (!c || pthread_create(&thread, NULL, serve, c) != 0) {
			free(c);
			close(fd);
		} else
			pthread_detach(thread);
	}
}
