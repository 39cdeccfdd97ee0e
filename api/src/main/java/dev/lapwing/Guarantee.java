// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

/** What is promised about each message of a subscription. */
public enum Guarantee {
    /**
     * Acknowledged before it is handled: a crash or a failure may lose it, it never comes twice.
     */
    AT_MOST_ONCE,
    /** Acknowledged after it is handled: nothing is lost, a crash may bring it twice. */
    AT_LEAST_ONCE
}
