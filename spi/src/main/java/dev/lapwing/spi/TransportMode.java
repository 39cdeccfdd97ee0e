// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import dev.lapwing.Capabilities;

/**
 * One of the ways to use a transport that differ in what they can do, for documents and help texts.
 *
 * @param name for people, unique: "kafka", "kafka, share groups"
 * @param uri a connection URI that chooses it, as an example
 * @param capabilities what a connection to that URI declares: {@link Transport#capabilities()}
 */
public record TransportMode(String name, String uri, Capabilities capabilities) {}
