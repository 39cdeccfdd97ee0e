// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/**
 * What a chunk's header repeats of the chunk just before it in the file, so that the records of a
 * chunk with a damaged header can still be told and checked. All zero for the first of a segment.
 *
 * @param stream the number of the stream, or its bitwise complement for a chunk of a snapshot
 */
record ChunkEcho(int stream, int count, long base, int length, int headerChecksum) {
    static final ChunkEcho NONE = new ChunkEcho(0, 0, 0, 0, 0);
}
