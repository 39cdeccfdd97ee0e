// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Administration;
import dev.lapwing.DeadLetter;
import dev.lapwing.DeadLetters;

import java.util.List;
import java.util.function.Predicate;

/** The dead letters of a topic and a group. */
record DeadLettersView(Connection connection, PublishPipeline pipeline, String topic, String group)
        implements DeadLetters {

    private Administration administration() {
        return connection.administration();
    }

    @Override
    public long count() {
        throw new UnsupportedOperationException("not yet " + administration());
    }

    @Override
    public List<DeadLetter> list(int limit) {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public long redrive() {
        return redrive(letter -> true);
    }

    @Override
    public long redrive(Predicate<DeadLetter> which) {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public long purge() {
        throw new UnsupportedOperationException("not yet");
    }
}
