// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * The directory that a log lives in, as small as the log needs it: flat names, no links, no
 * attributes.
 *
 * <p>Creating, renaming and deleting a name is durable only after {@link #syncDirectory()}; bytes
 * are durable only after {@link StorageFile#force()}. A full disk shows as a short write, or as an
 * {@link IOException} for which {@link #isFull(IOException)} holds. Safe for use by many threads.
 */
public interface Storage {
    /** A short name of the place for error messages, such as the path of the directory. */
    String place();

    /**
     * Takes the place for this process alone, until the result is closed.
     *
     * @throws LogLockedException when another log, of this or another process, holds it
     */
    Closeable lock() throws IOException;

    /** The names of all files, in no order. */
    List<String> list() throws IOException;

    /** Whether there is a file of this name. */
    boolean exists(String name) throws IOException;

    /** Creates an empty file for reading and writing; fails when the name is taken. */
    StorageFile create(String name) throws IOException;

    /** Opens a file for reading and writing; writes come from one thread at a time. */
    StorageFile open(String name) throws IOException;

    /** Opens a file for reading, by any number of threads, interrupted or not. */
    StorageFile openForReading(String name) throws IOException;

    /** Renames a file, and replaces the target in one step when there is one. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file; what has it open may read on. */
    void delete(String name) throws IOException;

    /** Makes every create, rename and delete so far durable. */
    void syncDirectory() throws IOException;

    /** Whether the error says that there is no room left, as opposed to a broken device. */
    default boolean isFull(IOException error) {
        var message = String.valueOf(error.getMessage());
        return message.contains("No space left")
                || message.contains("not enough space")
                || message.contains("quota exceeded");
    }
}
