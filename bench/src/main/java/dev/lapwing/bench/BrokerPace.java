// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

/**
 * How long the broker suites take their time.
 *
 * @param repetitions how often each side of a figure is measured, the two sides taking turns
 * @param firstWarmUp seconds of load that each side has before its first measurement of a kind; a
 *     quarter of it before the first of another size
 * @param warmUp seconds of load before each measurement
 * @param seconds length of each measurement
 * @param share of the messages that a full run consumes
 */
record BrokerPace(
        int repetitions, double firstWarmUp, double warmUp, double seconds, double share) {
    static final BrokerPace QUICK = new BrokerPace(3, 3, 0.3, 0.8, 0.4);
    static final BrokerPace FULL = new BrokerPace(5, 6, 0.4, 1.3, 1);
}
