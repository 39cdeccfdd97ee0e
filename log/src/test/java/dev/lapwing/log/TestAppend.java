// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An append of bytes whose outcome can be asked for. */
class TestAppend extends Append {
    final byte[] bytes;
    private final CompletableFuture<Long> position = new CompletableFuture<>();
    private final CompletableFuture<LogFailure> failure = new CompletableFuture<>();

    TestAppend(LogStream stream, byte[] bytes) {
        super(stream);
        this.bytes = bytes;
    }

    TestAppend(LogStream stream, String text) {
        this(stream, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected int encodedSize() {
        return bytes.length;
    }

    @Override
    protected void encodeTo(ByteBuffer target) {
        target.put(bytes);
    }

    @Override
    protected void stored(long at) {
        position.complete(at);
    }

    @Override
    protected void failed(LogFailure why) {
        failure.complete(why);
        position.completeExceptionally(new IllegalStateException(why.message()));
    }

    long await() {
        return position.join();
    }

    boolean isStored() {
        return position.isDone() && !position.isCompletedExceptionally();
    }

    Optional<LogFailure> failure() {
        return Optional.ofNullable(failure.getNow(null));
    }
}
