// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.InvalidPositionException;
import dev.lapwing.LapwingException;

/** Tells why a subscription could not be opened. */
final class Refusals {
    private Refusals() {}

    /** Whether trying again cannot help: the server understood and refused. */
    static boolean isFinal(Throwable failure) {
        return switch (ServerClient.cause(failure)) {
            case UpgradeRefusedException e -> {
                Problem problem = e.problem();
                yield problem.status() / 100 == 4 && !problem.isPassing();
            }
            case LapwingException e -> true;
            default -> false;
        };
    }

    /** The error to tell the program. */
    static LapwingException error(String topic, Throwable failure) {
        return switch (ServerClient.cause(failure)) {
            case UpgradeRefusedException e -> {
                Problem problem = e.problem();
                String text =
                        "The server refused to subscribe to '%s': %s"
                                .formatted(topic, problem.text());
                yield problem.isAboutPosition()
                        ? new InvalidPositionException(text, e)
                        : new LapwingException(text, e);
            }
            case LapwingException e -> e;
            case Throwable e ->
                    new ConnectionFailedException(
                            "Cannot subscribe to '%s': %s".formatted(topic, ServerClient.reason(e)),
                            e);
        };
    }
}
