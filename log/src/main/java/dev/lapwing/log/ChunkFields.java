// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/** The fields of a chunk's header on their way into a buffer; reused by the writer thread. */
final class ChunkFields {
    int epoch;
    int body;
    int stream;
    int count;
    long base;
    long wall;
    long logTime;
    long sequence;
    int part;
    int flags;
    long durableEnd;
}
