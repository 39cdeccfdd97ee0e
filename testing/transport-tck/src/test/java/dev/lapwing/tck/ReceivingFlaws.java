// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.StartAt;
import dev.lapwing.reference.ReferenceSettings;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.tck.BrokenDelivering.ReceiverFlaw;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** What can be wrong with receiving. */
final class ReceivingFlaws {
    private ReceivingFlaws() {}

    static List<Flaw> all() {
        return List.of(
                receives(
                        "delivers beyond its credit",
                        (transport, request, listener) ->
                                new BrokenDelivering.GrantsMore(transport, request, listener, 1),
                        "neverMoreIsDeliveredThanGranted",
                        "slowConsumerHoldsNoMoreThanItsPrefetch"),
                receives(
                        "takes a settlement for credit",
                        BrokenDelivering.SettlingGrants::new,
                        "settlingGivesNoCredit"),
                receives(
                        "delivers after stop",
                        BrokenDelivering.NeverStops::new,
                        "nothingIsDeliveredAfterStop"),
                receives(
                        "delivers after close",
                        BrokenDelivering.NeverCloses::new,
                        "closedReceiverIsQuiet"),
                receives(
                        "calls a listener from two threads",
                        BrokenDelivering.ManyThreads::new,
                        "listenerIsCalledByOneThreadAtATime"),
                receives(
                        "starts late",
                        BrokenDelivering.OpensLater::new,
                        "subscriptionsOpenAndCloseAtTheSameTime",
                        "subscriptionIsInForceWhenSubscribeReturns"),
                receives(
                        "starts a group late",
                        (transport, request, listener) ->
                                request.group().isPresent()
                                        ? new BrokenDelivering.OpensLater(
                                                transport, request, listener)
                                        : new BrokenReceiver(transport, request, listener),
                        "groupBeginsWhenItsFirstSubscribeReturns"),
                receives(
                        "delivers one at a time",
                        BrokenDelivering.OneAtATime::new,
                        "failingKeyHoldsUpNoOther",
                        "asManyHandlersRunAtOnceAsWereAskedFor"),
                receives(
                        "delivers a message twice where nothing failed",
                        (transport, request, listener) ->
                                new BrokenDelivering.DeliversTimes(
                                        transport,
                                        request,
                                        listener,
                                        BrokenDelivering.oneOf(20),
                                        2),
                        "everyMessageIsAccountedFor",
                        "everySubscriberWithoutGroupGetsEveryMessage"),
                receives(
                        "keeps what has no id to itself",
                        (transport, request, listener) ->
                                new BrokenDelivering.DeliversTimes(
                                        transport,
                                        request,
                                        listener,
                                        delivery -> delivery.message().id().isEmpty(),
                                        0),
                        "foreignMessagesArriveWhole"),
                receives(
                        "swallows a delivery now and then",
                        (transport, request, listener) ->
                                new BrokenDelivering.DeliversTimes(
                                        transport,
                                        request,
                                        listener,
                                        BrokenDelivering.oneOf(10),
                                        0),
                        "pausedSubscriptionIsQuietAndLosesNothing",
                        "membersComeAndGoUnderLoad"),
                asks(
                        "delivers to two members of a group",
                        BrokenReceiving::ownGroup,
                        "oneMemberOfEachGroupHandlesEachMessage",
                        "membersShareTheWork"),
                asks(
                        "forgets a group without members",
                        BrokenReceiving::ownGroup,
                        "groupGoesOnWhereItStood",
                        "restartLosesNothing"),
                asks(
                        "delivers to one plain subscriber only",
                        request ->
                                request.group().isPresent()
                                        ? request
                                        : BrokenReceiving.inGroup(request, "plain"),
                        "everySubscriberWithoutGroupGetsEveryMessage"),
                asks(
                        "ignores the start position",
                        request -> BrokenReceiving.from(request, StartAt.now()),
                        "earliestBeginsAtTheOldestMessage",
                        "newGroupCanBeginAtTheOldestMessage",
                        "resumingMissesNothingAndDoublesNothing",
                        "replayBeginsAtATime"),
                asks(
                        "doubles the message at a position",
                        BrokenReceiving::oneEarlier,
                        "resumingMissesNothingAndDoublesNothing"),
                asks(
                        "takes a time for the beginning",
                        request ->
                                request.start() instanceof StartAt.Time
                                        ? BrokenReceiving.from(request, StartAt.earliest())
                                        : request,
                        "replayBeginsAtATime"),
                asks(
                        "takes a position that it never gave",
                        BrokenReceiving::anyPosition,
                        "foreignPositionIsRefused"),
                asks(
                        "takes one word for many in a pattern",
                        BrokenReceiving::starAsTail,
                        "patternGetsWhatMatchesAndNothingElse"),
                asks(
                        "forgets a group by pattern",
                        onlyPatterns(),
                        "groupByPatternMissesNoNewTopic"),
                asks(
                        "never lets a lease run out",
                        request -> BrokenReceiving.withLease(request, Duration.ofHours(1)),
                        "silentMemberLosesItsDeliveriesToAnother"),
                Flaw.of(
                        "drops on reconnect what a broken link had delivered",
                        link -> new BrokenLinks.Forgets(link, false),
                        "cutLinkLosesItsDeliveriesOrKeepsThem"),
                Flaw.of(
                        "drops on reconnect what it had not delivered",
                        BrokenLinks.ForgetsThePast::new,
                        "outageLosesNothingOfAPlainSubscriber"),
                Flaw.of(
                        "forgets its receivers on reconnect",
                        link -> new BrokenLinks.Forgets(link, true),
                        "brokerKilledUnderLoadLosesNothing",
                        "brokerRestartedTwiceIsFoundAgain",
                        "everythingDeclaredIsInForceAgain",
                        "outageLosesNothingOfAGroup"),
                Flaw.of(
                                "forgets its receivers on reconnect, with floors",
                                link -> new BrokenLinks.Forgets(link, true),
                                "everythingDeclaredIsInForceAgain",
                                "randomScheduleKeepsTheAccount")
                        .on(ReferenceSettings.floors(4)),
                receives(
                                "delivers twice to those who compete",
                                (transport, request, listener) ->
                                        new BrokenDelivering.DeliversTimes(
                                                transport,
                                                request,
                                                listener,
                                                BrokenDelivering.oneOf(20),
                                                2),
                                "atMostOnceNeverComesTwice")
                        .on(ReferenceSettings.unsettled()),
                asks(
                                "gives everyone who competes everything",
                                BrokenReceiving::ownGroup,
                                "competingConsumersShareEachMessage")
                        .on(ReferenceSettings.unsettled()),
                Flaw.of(
                        "calls itself connected while the link is down",
                        BrokenLinks.SaysConnected::new,
                        "stateTellsTheTruth"),
                Flaw.of(
                        "declares an option that it does not have",
                        BrokenTransport::new,
                        "unknownOptionIsRefused"),
                Flaw.of(
                        "fails when it is closed",
                        BrokenLinks.FailsToClose::new,
                        "closedConnectionSaysSo"));
    }

    private static UnaryOperator<ReceiverRequest> onlyPatterns() {
        var count = new AtomicInteger();
        return request ->
                request.group().isPresent() && request.topics().isPattern()
                        ? BrokenReceiving.inGroup(request, "g" + count.incrementAndGet())
                        : request;
    }

    private static Flaw receives(String name, ReceiverFlaw flaw, String... checks) {
        return Flaw.of(name, link -> new BrokenDelivering.Receives(link, flaw), checks);
    }

    private static Flaw asks(String name, UnaryOperator<ReceiverRequest> change, String... checks) {
        return Flaw.of(name, link -> new BrokenReceiving.Asks(link, change), checks);
    }
}
