// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.Subscription;

import java.time.Duration;

/** Asks a question and waits for the answer, at most two seconds. */
final class RequestAndReply {
    private RequestAndReply() {}

    static Subscription answer(Lapwing lapwing) {
        return lapwing.subscribe("square")
                .group("calculator")
                .reply(request -> square(request.text()));
    }

    static Subscription answerAlone(Lapwing lapwing) {
        return lapwing.subscribe("square").reply(request -> square(request.text()));
    }

    private static String square(String text) {
        int number = Integer.parseInt(text);
        return String.valueOf(number * number);
    }

    static String ask(Lapwing lapwing, int number) {
        var request = Message.to("square").text(String.valueOf(number)).build();
        return lapwing.request(request, Duration.ofSeconds(2)).text();
    }
}
