/* The peers and baselines of the messaging benchmark, over libzmq and libmosquitto themselves:
 *   subscriber ENDPOINT   receives; "round N" answers the microseconds a message of the next N, from the first to the
 *                         last, and how many came before half a second of silence
 *   publisher ENDPOINT    sends three frames, 1 KB; "round N" sends N, and answers "sent"
 *   dealer ENDPOINT FILE  sends the file's bytes and waits for an answer; "round N" answers p50 and p99 of N round
 *                         trips
 *   router ENDPOINT BYTES answers each message with as many bytes
 *   mqtt HOST PORT QOS    publishes 1 KB; "round N" answers the microseconds a message until N are acknowledged or
 *                         written
 * Each says "ready" and what it is on a line of its own, then answers each line with a line, and ends with its
 * input. */
#include <errno.h>
#include <mosquitto.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#define PAYLOAD 1000
#define MOST_ROUND_TRIPS 100000

static char payload[PAYLOAD];
static char header[32];

static double now_us(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, zmq_strerror(zmq_errno()));
    exit(1);
}

static void ready(void) {
    int major, minor, patch;
    zmq_version(&major, &minor, &patch);
    printf("ready libzmq %d.%d.%d\n", major, minor, patch);
    fflush(stdout);
}

static long next_round(void) {
    char line[64];
    long count;
    if (!fgets(line, sizeof line, stdin)) return -1;
    return sscanf(line, "round %ld", &count) == 1 ? count : -1;
}

static void *open_socket(int type, const char *endpoint, int binds) {
    int unlimited = 0, linger = 0;
    void *socket = zmq_socket(zmq_ctx_new(), type);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &unlimited, sizeof unlimited);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &unlimited, sizeof unlimited);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    if ((binds ? zmq_bind(socket, endpoint) : zmq_connect(socket, endpoint)) != 0) fail(endpoint);
    return socket;
}

/* Receives a whole message; the size of its last frame. */
static int receive(void *socket) {
    static char frame[65536];
    int more, size;
    size_t length = sizeof more;
    do {
        size = zmq_recv(socket, frame, sizeof frame, 0);
        if (size < 0 && zmq_errno() == EAGAIN) return -1;
        if (size < 0) fail("receive");
        zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &length);
    } while (more);
    return size;
}

static int subscriber(const char *endpoint) {
    void *socket = open_socket(ZMQ_SUB, endpoint, 0);
    int forever = -1, patience_ms = 500;
    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "scene", 5);
    ready();
    for (long count; (count = next_round()) > 0;) {
        zmq_setsockopt(socket, ZMQ_RCVTIMEO, &forever, sizeof forever);
        receive(socket);
        zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience_ms, sizeof patience_ms);
        double start = now_us(), end = start;
        long received = 1;
        while (received < count && receive(socket) >= 0) {
            received++;
            end = now_us();
        }
        printf("%.6f %ld\n", (end - start) / (received > 1 ? received - 1 : 1), received);
        fflush(stdout);
    }
    return 0;
}

static int publisher(const char *endpoint) {
    void *socket = open_socket(ZMQ_XPUB, endpoint, 1);
    ready();
    receive(socket); /* the subscription */
    for (long count; (count = next_round()) > 0;) {
        for (long i = 0; i < count; i++) {
            zmq_send(socket, "scene", 5, ZMQ_SNDMORE);
            zmq_send(socket, header, sizeof header, ZMQ_SNDMORE);
            zmq_send(socket, payload, sizeof payload, 0);
        }
        printf("sent\n");
        fflush(stdout);
    }
    return 0;
}

static int ascending(const void *a, const void *b) {
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

static int dealer(const char *endpoint, const char *path) {
    static char question[65536];
    static double times[MOST_ROUND_TRIPS];
    FILE *file = fopen(path, "rb");
    if (!file) fail(path);
    size_t size = fread(question, 1, sizeof question, file);
    fclose(file);
    void *socket = open_socket(ZMQ_DEALER, endpoint, 0);
    ready();
    for (long count; (count = next_round()) > 0 && count <= MOST_ROUND_TRIPS;) {
        for (long i = 0; i < count; i++) {
            double start = now_us();
            zmq_send(socket, question, size, 0);
            receive(socket);
            times[i] = now_us() - start;
        }
        qsort(times, count, sizeof *times, ascending);
        printf("%.3f %.3f\n", times[count / 2], times[count * 99 / 100]);
        fflush(stdout);
    }
    return 0;
}

static void router(const char *endpoint, long answer) {
    static char frame[65536];
    void *socket = open_socket(ZMQ_ROUTER, endpoint, 1);
    ready();
    for (;;) {
        char identity[256];
        int size = zmq_recv(socket, identity, sizeof identity, 0);
        if (size < 0 || zmq_recv(socket, frame, sizeof frame, 0) < 0) fail("receive");
        zmq_send(socket, identity, size, ZMQ_SNDMORE);
        zmq_send(socket, payload, answer, 0);
    }
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long published;
static int connected;

static void on_connect(struct mosquitto *client, void *user, int code) {
    (void)client, (void)user;
    pthread_mutex_lock(&lock);
    connected = code == 0 ? 1 : -1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static void on_publish(struct mosquitto *client, void *user, int id) {
    (void)client, (void)user, (void)id;
    pthread_mutex_lock(&lock);
    published++;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static void await_published(long count) {
    pthread_mutex_lock(&lock);
    while (published < count) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static int mqtt(const char *host, int port, int quality) {
    const long most_waiting = 64;
    int major, minor, revision;
    long sent = 0;
    mosquitto_lib_init();
    mosquitto_lib_version(&major, &minor, &revision);
    struct mosquitto *client = mosquitto_new("baseline", true, NULL);
    mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(client, MOSQ_OPT_SEND_MAXIMUM, 32);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_publish_callback_set(client, on_publish);
    if (mosquitto_connect(client, host, port, 60) != MOSQ_ERR_SUCCESS ||
        mosquitto_loop_start(client) != MOSQ_ERR_SUCCESS) {
        fprintf(stderr, "no broker at %s:%d\n", host, port);
        return 1;
    }

    pthread_mutex_lock(&lock);
    while (connected == 0) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    printf("ready libmosquitto %d.%d.%d\n", major, minor, revision);
    fflush(stdout);
    for (long count; (count = next_round()) > 0;) {
        double start = now_us();
        for (long i = 0; i < count; i++) {
            mosquitto_publish(client, NULL, "edge/robot/scene", PAYLOAD, payload, quality, false);
            sent++;
            if (sent > most_waiting) await_published(sent - most_waiting);
        }
        await_published(sent);
        printf("%.6f\n", (now_us() - start) / count);
        fflush(stdout);
    }
    return 0;
}

int main(int count, char **arguments) {
    const char *job = count > 2 ? arguments[1] : "";
    if (strcmp(job, "subscriber") == 0) return subscriber(arguments[2]);
    if (strcmp(job, "publisher") == 0) return publisher(arguments[2]);
    if (strcmp(job, "dealer") == 0 && count == 4) return dealer(arguments[2], arguments[3]);
    if (strcmp(job, "router") == 0 && count == 4) router(arguments[2], atol(arguments[3]));
    if (strcmp(job, "mqtt") == 0 && count == 5) return mqtt(arguments[2], atoi(arguments[3]), atoi(arguments[4]));
    fprintf(stderr, "usage: stands at the top of the source\n");
    return 2;
}
