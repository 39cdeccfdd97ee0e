// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a transport can do: for each {@link Capability} whether it is native, emulated by Lapwing on
 * top of the broker, or unsupported with what to use instead. Immutable.
 */
public final class Capabilities {

    /** Who does it. */
    public enum Support {
        /** The broker does it. */
        NATIVE,
        /** Lapwing does it on top of the broker; the note says how. */
        EMULATED,
        /** It cannot be had; the note says what to use instead. */
        UNSUPPORTED
    }

    /**
     * The answer for one capability.
     *
     * @param support who does it
     * @param note how it is emulated, or what to use instead; empty for what is native
     */
    public record Entry(Support support, String note) {}

    private final String transport;
    private final Map<Capability, Entry> entries;

    private Capabilities(String transport, Map<Capability, Entry> entries) {
        this.transport = transport;
        this.entries = entries;
    }

    /** A transport that can do nothing yet; add to it. */
    public static Capabilities of(String transport) {
        var entries = new EnumMap<Capability, Entry>(Capability.class);
        for (Capability capability : Capability.values()) {
            entries.put(capability, new Entry(Support.UNSUPPORTED, "use another transport"));
        }
        return new Capabilities(Objects.requireNonNull(transport, "transport"), entries);
    }

    /** A copy in which the broker does these. */
    public Capabilities withNative(Capability... capabilities) {
        var copy = new EnumMap<>(entries);
        for (Capability capability : capabilities) {
            copy.put(capability, new Entry(Support.NATIVE, ""));
        }
        return new Capabilities(transport, copy);
    }

    /** A copy in which Lapwing does this on top of the broker, in the way the note says. */
    public Capabilities withEmulated(Capability capability, String how) {
        return with(capability, new Entry(Support.EMULATED, how));
    }

    /** A copy in which this cannot be had; the note says what to use instead. */
    public Capabilities without(Capability capability, String insteadUse) {
        return with(capability, new Entry(Support.UNSUPPORTED, insteadUse));
    }

    private Capabilities with(Capability capability, Entry entry) {
        var copy = new EnumMap<>(entries);
        copy.put(capability, entry);
        return new Capabilities(transport, copy);
    }

    /** The transport's name, for people. */
    public String transport() {
        return transport;
    }

    /** Whether it can be had, natively or emulated. */
    public boolean has(Capability capability) {
        return entry(capability).support() != Support.UNSUPPORTED;
    }

    /** Whether the broker does it. */
    public boolean isNative(Capability capability) {
        return entry(capability).support() == Support.NATIVE;
    }

    /** The whole answer for one capability. */
    public Entry entry(Capability capability) {
        return Objects.requireNonNull(entries.get(capability));
    }

    /** The whole table, in the order of {@link Capability}. */
    public Map<Capability, Entry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    /**
     * Does nothing if the capability can be had.
     *
     * @throws UnsupportedCapabilityException if not: names the transport, the capability and the
     *     alternative
     */
    public void require(Capability capability) {
        if (!has(capability)) {
            throw new UnsupportedCapabilityException(
                    transport, capability, entry(capability).note());
        }
    }

    @Override
    public String toString() {
        return transport + entries;
    }
}
