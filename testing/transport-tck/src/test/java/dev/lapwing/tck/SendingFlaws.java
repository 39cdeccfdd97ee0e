// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Capability;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.reference.ReferenceSettings;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What can be wrong with sending. */
final class SendingFlaws {
    private SendingFlaws() {}

    static List<Flaw> all() {
        return List.of(
                Flaw.of(
                        "answers a send twice",
                        link -> new BrokenSending.AnswersTimes(link, 10, 2),
                        "everySendIsAnsweredOnce"),
                Flaw.of(
                        "loses the answer to a send",
                        link -> new BrokenSending.AnswersTimes(link, 100, 0),
                        "everySendIsAnsweredOnce",
                        "asynchronousPublishesAllEnd"),
                Flaw.of(
                        "says stored before it is",
                        BrokenSending.StoresLater::new,
                        "storedMessageCanBeReadAtOnce"),
                answers(
                        "says stored for what a broken link swallowed",
                        BrokenSending::alwaysStored,
                        "sendsDuringAnOutageEndTruly",
                        "publishesUnderAnOutageEndTruly"),
                answers(
                                "swallows what nobody would get",
                                BrokenSending::alwaysStored,
                                "messageThatNobodyWouldGetIsRefused")
                        .on(ReferenceSettings.queues()),
                new Flaw(
                        "sends again after a reconnect",
                        ReferenceSettings.perMessage().without(Capability.DEDUPLICATION),
                        BrokenSending.SendsAgain::new,
                        List.of("cutBetweenPublishAndConfirmStoresNothingTwice")),
                Flaw.of(
                        "gives a silent link up and calls its messages stored",
                        BrokenSending.GivesSilenceUp::new,
                        "silentLinkLosesNothing"),
                answers(
                        "gives a message another id",
                        BrokenSending::withAnotherId,
                        "publishTellsIdAndPosition"),
                Flaw.of(
                        "mixes up the answers of a batch",
                        BrokenSending.MixesAnswers::new,
                        "publishAllKeepsOrderAndAnswersEach"),
                Flaw.of(
                        "reorders a batch, and a key",
                        BrokenSending.SwapsNeighbours::new,
                        "batchIsStoredInItsOrder",
                        "messagesOfOnePublisherArriveInOrder",
                        "keysKeepTheirOrderUnderRetriesAndConcurrency"),
                messages(
                        "truncates payloads",
                        BrokenSending::truncated,
                        "payloadsArriveWhole",
                        "payloadLimitIsExact"),
                messages(
                        "loses a repeated header",
                        BrokenSending::withHeadersOnce,
                        "headersArriveWhole",
                        "rejectedMessageIsKeptWhole"),
                messages(
                        "loses the key",
                        message -> BrokenSending.only(message, false, true),
                        "keysArriveWhole"),
                messages(
                        "loses the time of a message",
                        BrokenSending::withoutTime,
                        "timestampArrives"),
                messages(
                        "folds topics that differ in case",
                        BrokenSending::inLowerCase,
                        "unicodeTopicsAreKeptApart"),
                messages(
                        "loses the correlation of a reply",
                        message -> BrokenSending.only(message, true, false),
                        "everyRequestGetsItsOwnReply"),
                replies(
                        "loses the correlation of a reply on its own way",
                        message ->
                                message.replyTo().isPresent()
                                        ? message
                                        : BrokenSending.only(message, true, false),
                        "everyRequestGetsItsOwnReply"),
                replies(
                        "answers all requests at one address",
                        new BrokenReplies.KnowsOneAsker()::change,
                        "replyGoesToTheConnectionThatAsked"),
                Flaw.of(
                                "keeps silent when nobody listens to a request",
                                BrokenReplies.KeepsSilent::new,
                                "requestToNobodyEndsAtOnce")
                        .on(ReferenceSettings.queues()),
                messages(
                        "holds back what is delayed by nothing",
                        message ->
                                message.deliverAfter().isPresent()
                                        ? message.copyTo(message.topic())
                                                .deliverAfter(java.time.Duration.ofMinutes(1))
                                                .build()
                                        : message,
                        "noDelayIsNoDelay"),
                messages(
                        "drops dead letters",
                        message ->
                                message.topic().startsWith("_dead")
                                        ? message.copyTo("nowhere").build()
                                        : message,
                        "poisonBecomesADeadLetterAndIsRedriven",
                        "rejectedMessageIsKeptWhole"),
                messages(
                        "brings the redriven to every group",
                        SendingFlaws::withoutRedriveMark,
                        "poisonBecomesADeadLetterAndIsRedriven"),
                Flaw.of(
                        "loses one message in many",
                        link -> new BrokenSending.SendsTimes(link, 500, 0),
                        "everyMessageIsAccountedFor"),
                new Flaw(
                        "sends one message in many twice",
                        ReferenceSettings.perMessage().without(Capability.DEDUPLICATION),
                        link -> new BrokenSending.SendsTimes(link, 500, 2),
                        List.of("everyMessageIsAccountedFor")),
                answers(
                        "does not tell that a message is a duplicate",
                        result ->
                                result instanceof PublishResult.Stored stored
                                        ? PublishResult.stored(
                                                stored.id(), stored.position(), false)
                                        : result,
                        "sameIdIsStoredOnce",
                        "dedupeSurvivesARestart"),
                answers(
                        "tells a position where nothing is",
                        result ->
                                result instanceof PublishResult.Stored stored
                                        ? PublishResult.stored(
                                                stored.id(), Optional.empty(), stored.duplicate())
                                        : result,
                        "publishTellsIdAndPosition"));
    }

    private static Message withoutRedriveMark(Message message) {
        return message.copyTo(message.topic())
                .headers(message.headers().without(List.of("lapwing-redrive-group")))
                .build();
    }

    private static Flaw replies(String name, UnaryOperator<Message> change, String... checks) {
        return Flaw.of(name, link -> new BrokenReplies.ChangesReplies(link, change), checks)
                .on(ReferenceSettings.queues());
    }

    private static Flaw messages(String name, UnaryOperator<Message> change, String... checks) {
        return Flaw.of(name, link -> new BrokenSending.ChangesMessages(link, change), checks);
    }

    private static Flaw answers(
            String name, UnaryOperator<PublishResult> change, String... checks) {
        return Flaw.of(name, link -> new BrokenSending.ChangesAnswers(link, change), checks);
    }
}
