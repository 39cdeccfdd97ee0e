// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

/**
 * The ports of a Kafka server.
 *
 * @param direct for clients
 * @param behindProxy for clients that come through a proxy
 * @param advertised the proxy's, which the server tells those clients
 * @param controller for the node itself
 */
record KafkaPorts(int direct, int behindProxy, int advertised, int controller) {

    static KafkaPorts free() {
        return new KafkaPorts(Ports.free(), Ports.free(), Ports.free(), Ports.free());
    }
}
