// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

/**
 * A URI option that a transport knows.
 *
 * @param name its name, in kebab-case
 * @param values what it takes, for people: "a duration such as 30s", "always | interval"
 * @param standard the value it has when it is not given, for people; may be empty
 * @param description what it does, one sentence
 */
public record TransportOption(String name, String values, String standard, String description) {}
