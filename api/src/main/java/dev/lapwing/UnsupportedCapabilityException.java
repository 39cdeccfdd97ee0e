// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

/** A transport was asked for what it cannot do. */
public final class UnsupportedCapabilityException extends LapwingException {
    private static final long serialVersionUID = 1L;

    private final String transport;
    private final Capability capability;
    private final String alternative;

    /** An error that names the transport, the capability and what to use instead. */
    public UnsupportedCapabilityException(
            String transport, Capability capability, String alternative) {
        super(
                "The transport %s has no %s (%s); %s"
                        .formatted(transport, capability.phrase(), capability, alternative));
        this.transport = transport;
        this.capability = capability;
        this.alternative = alternative;
    }

    /** The transport's name. */
    public String transport() {
        return transport;
    }

    /** What it cannot do. */
    public Capability capability() {
        return capability;
    }

    /** What to use instead, in words for people. */
    public String alternative() {
        return alternative;
    }
}
