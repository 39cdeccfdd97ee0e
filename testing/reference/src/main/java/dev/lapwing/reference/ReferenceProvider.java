// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Capability;
import dev.lapwing.InvalidUriException;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Opens {@code reference:NAME}: connections of one process with the same name share a broker. The
 * options describe the broker where the name is new.
 */
public final class ReferenceProvider implements TransportProvider {

    static final String NAME = "reference";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> schemes() {
        return Set.of(NAME);
    }

    @Override
    public List<TransportOption> options() {
        return List.of(
                new TransportOption(
                        "settle", "message | floor | none", "message", "What a settlement moves."),
                new TransportOption(
                        "partitions",
                        "a number from 1 to 64",
                        "1, with floor 4",
                        "How many partitions each topic has."),
                new TransportOption(
                        "without",
                        "capabilities, joined by commas",
                        "",
                        "Capabilities that the broker shall not have: delay,headers."),
                new TransportOption("replies", "topic | own", "topic", "Which way replies go."));
    }

    @Override
    public Transport connect(TransportUri uri, TransportContext context) {
        return ReferenceBroker.named(uri.address(), settings(uri)).connect(context);
    }

    private static ReferenceSettings settings(TransportUri uri) {
        var unit =
                SettleUnit.valueOf(
                        uri.choice("settle", "message", List.of("message", "floor", "none"))
                                .toUpperCase(Locale.ROOT));
        long standard = unit == SettleUnit.FLOOR ? 4 : 1;
        long most = unit == SettleUnit.FLOOR ? 64 : 1;
        int partitions = (int) uri.number("partitions", standard, 1, most);
        boolean ownReplies = uri.choice("replies", "topic", List.of("topic", "own")).equals("own");
        return new ReferenceSettings(unit, partitions, without(uri), ownReplies, BrokerTime.real());
    }

    private static Set<Capability> without(TransportUri uri) {
        var lacking = EnumSet.noneOf(Capability.class);
        for (String word :
                uri.option("without").map(text -> text.split(",")).orElse(new String[0])) {
            String name = word.trim().toUpperCase(Locale.ROOT).replace('-', '_');
            Capability capability =
                    EnumSet.allOf(Capability.class).stream()
                            .filter(known -> known.name().equals(name))
                            .findAny()
                            .orElseThrow(() ->
                                    new InvalidUriException(
                                            "Option 'without' names '%s'; it takes names of Capability, such as give-back"
                                                    .formatted(word)));
            lacking.add(capability);
        }
        return lacking;
    }
}
