// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.reference.ReferenceSettings;
import dev.lapwing.spi.Transport;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One thing that a transport does wrong, and the checks that must say so.
 *
 * @param name what it does wrong, a verb phrase
 * @param settings the broker that would be right without it
 * @param build makes the broken transport
 * @param checks the names of the checks that catch it
 */
record Flaw(
        String name,
        ReferenceSettings settings,
        Function<Link, Transport> build,
        List<String> checks) {

    static Flaw of(String name, Function<Link, Transport> build, String... checks) {
        return new Flaw(name, ReferenceSettings.perMessage(), build, List.of(checks));
    }

    /** The same on another broker. */
    Flaw on(ReferenceSettings other) {
        return new Flaw(name, other, build, checks);
    }

    static List<Flaw> all() {
        return Stream.of(
                        SendingFlaws.all(),
                        ReceivingFlaws.all(),
                        SettlingFlaws.all(),
                        ClaimFlaws.all(),
                        AdministrationFlaws.all())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
