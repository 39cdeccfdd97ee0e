// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/**
 * A place in a stream from which records are read in order. Never goes past what is stored. For one
 * thread at a time, interrupted or not; needs no closing.
 */
public final class LogReader {
    LogReader() {}

    /** The position of the next record. */
    public long position() {
        throw new UnsupportedOperationException();
    }

    /** Goes on from another position. */
    public void seek(long position) {
        throw new UnsupportedOperationException();
    }

    /**
     * Hands over records, in order, until one of the limits is reached or there is no more for now.
     * Records that were trimmed away are passed over; lost ones are told as {@link Damage}. An
     * exception of the consumer passes through, and the record is handed over again next time.
     *
     * @param maxRecords at most this many records
     * @param maxBytes stops after the record that reaches this many bytes
     * @return how many records were handed over; 0 when there is nothing more for now
     * @throws LogException when the file cannot be read
     */
    public int read(int maxRecords, long maxBytes, RecordConsumer consumer) {
        throw new UnsupportedOperationException();
    }
}
