// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Capability;
import dev.lapwing.reference.ReferenceSettings;
import dev.lapwing.spi.Settlement;
import dev.lapwing.tck.BrokenDelivering.ReceiverFlaw;

import java.util.List;
import java.util.function.UnaryOperator;

/** What can be wrong with settling. */
final class SettlingFlaws {
    private SettlingFlaws() {}

    static List<Flaw> all() {
        return List.of(
                receives(
                        "does not keep acks",
                        (transport, request, listener) ->
                                new BrokenSettling.Ignores(
                                        transport, request, listener, Settlement.Ack.class),
                        "ackedMessageNeverComesAgain",
                        "settlingIsLegalFromAnyThreadInAnyOrder"),
                receives(
                        "acks early: what is delivered is acked",
                        BrokenSettling.AcksEarly::new,
                        "deliveredAndNotAckedComesAgain",
                        "handlerThatThrowsLosesNothing",
                        "memberThatDiesLosesNothing",
                        "drainGivesBackWhatHasNoOutcome",
                        "leavingALoopGivesTheLastMessageBack"),
                receives(
                                "commits past a failure",
                                (transport, request, listener) ->
                                        new BrokenSettling.AcksTooMuch(
                                                transport, request, listener, false),
                                "ackTakesNoOtherMessageWithIt",
                                "failedMessageIsNotCommittedPast")
                        .on(ReferenceSettings.perMessage().without(Capability.GIVE_BACK_LATER)),
                receives(
                                "commits past a failure, with floors",
                                BrokenSettling.AcksEarly::new,
                                "ackTakesNoOtherMessageWithIt",
                                "failedMessageIsNotCommittedPast")
                        .on(ReferenceSettings.floors(4)),
                receives(
                        "acks what is unsettled when it is closed",
                        (transport, request, listener) ->
                                new BrokenSettling.AcksTooMuch(transport, request, listener, true),
                        "deliveredAndNotAckedComesAgain",
                        "leavingALoopGivesTheLastMessageBack",
                        "drainGivesBackWhatHasNoOutcome"),
                otherwise(
                        "swallows what is given back",
                        BrokenSettling::swallowed,
                        "givenBackComesAgainAtOnce",
                        "oneFailureInABatchIsOneRetry",
                        "shutdownUnderLoadLosesAndDoublesNothing",
                        "handlerThatThrowsLosesNothing"),
                receives(
                        "drops what is given back too often",
                        BrokenSettling.DropsAtLast::new,
                        "givenBackAgainAndAgainIsNotDroppedInSilence"),
                receives(
                        "settles by the last word, at the end",
                        BrokenSettling.LastWordCounts::new,
                        "secondSettleChangesNothing"),
                otherwise(
                        "brings back at once what was given back for later",
                        BrokenSettling::atOnce,
                        "givenBackForLaterComesLater",
                        "laterIsLaterAndCountsNoAttempt"),
                otherwise(
                        "counts every give-back as an attempt",
                        BrokenSettling::counted,
                        "givenBackUntriedCountsNoAttempt",
                        "laterIsLaterAndCountsNoAttempt"),
                receives(
                        "counts an attempt for what was unsettled on close",
                        BrokenReports.CountsOnClose::new,
                        "givenBackUntriedCountsNoAttempt"),
                receives(
                        "does not announce what is lost",
                        BrokenReports.LosesInSilence::new,
                        "silentMemberLosesItsDeliveriesToAnother",
                        "cutLinkLosesItsDeliveriesOrKeepsThem"),
                receives(
                                "does not announce what is lost, with floors",
                                BrokenReports.LosesInSilence::new,
                                "silentMemberLosesItsDeliveriesToAnother",
                                "lateAckChangesNothing")
                        .on(ReferenceSettings.floors(4)),
                receives(
                        "settles stale deliveries",
                        BrokenSettling.SettlesStale::new,
                        "lateAckChangesNothing",
                        "settlingAfterCloseIsStale"),
                receives(
                        "calls no ack confirmed",
                        (transport, request, listener) ->
                                new BrokenReports.Confirms(transport, request, listener, false),
                        "ackIsConfirmedWhereDeclared"),
                receives(
                        "fails when it is settled after close",
                        (transport, request, listener) ->
                                new BrokenReports.FailsToSettle(
                                        transport, request, listener, false),
                        "settlingAfterCloseIsStale"),
                receives(
                        "can be settled by one thread only",
                        (transport, request, listener) ->
                                new BrokenReports.FailsToSettle(transport, request, listener, true),
                        "settlingIsLegalFromAnyThreadInAnyOrder"),
                receives(
                        "loses acks after stop",
                        BrokenReports.DeafWhenStopped::new,
                        "drainWaitsForHandlersAndKeepsTheirAcks"));
    }

    private static Flaw otherwise(String name, UnaryOperator<Settlement> change, String... checks) {
        return receives(
                name,
                (transport, request, listener) ->
                        new BrokenSettling.SettlesOtherwise(transport, request, listener, change),
                checks);
    }

    private static Flaw receives(String name, ReceiverFlaw flaw, String... checks) {
        return Flaw.of(name, link -> new BrokenDelivering.Receives(link, flaw), checks);
    }
}
