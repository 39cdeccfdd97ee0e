// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/** A listener that can be taken away again. */
public interface Registration extends AutoCloseable {
    /** Takes the listener away; a call that is under way may still end after this. */
    @Override
    void close();
}
