// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A server that this JVM starts in a temporary folder, stops, and starts again on its data. */
final class OwnServer implements Lifecycle {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration PROBE = Duration.ofMillis(20);
    private static final int SHOWN_CHARACTERS = 2000;

    private final String name;
    private final Path folder;
    private final List<String> command;
    private final Map<String, String> environment;
    private final BooleanSupplier ready;
    private final Thread atExit = new Thread(this::end);

    private @Nullable Child child;

    /**
     * @param name what messages call it
     * @param folder the folder that it may fill; deleted when closed
     * @param ready whether it answers
     */
    OwnServer(
            String name,
            Path folder,
            List<String> command,
            Map<String, String> environment,
            BooleanSupplier ready) {
        this.name = name;
        this.folder = folder;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.ready = ready;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** A new empty folder for a server. */
    static Path folder(String name) {
        try {
            return Files.createTempDirectory("lapwing-" + name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for " + name, e);
        }
    }

    /** Writes a file of a server's folder. */
    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    @Override
    public synchronized void start() {
        if (child != null && child.isAlive()) {
            throw new IllegalStateException(name + " runs already: kill or stop it first");
        }
        Child started = Child.start(command, environment, folder, log());
        child = started;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ready.getAsBoolean()) {
            if (started.awaitEnd(PROBE)) {
                throw failed("ended with exit code " + started.exitCode() + " before it was ready");
            }
            if (System.nanoTime() > deadline) {
                started.kill();
                throw failed("was not ready within " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    /** Starts it for the first time; if that fails, nothing is left behind. */
    void startOrClose() {
        try {
            start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private IllegalStateException failed(String what) {
        String text;
        try {
            text = Files.readString(log(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            text = e.toString();
        }
        String end = text.substring(Math.max(0, text.length() - SHOWN_CHARACTERS));
        return new IllegalStateException("%s %s; its log ends:%n%s".formatted(name, what, end));
    }

    @Override
    public synchronized void stop() {
        Child running = running();
        running.terminate();
        if (!running.awaitEnd(PATIENCE)) {
            running.kill();
            throw failed("did not stop within " + PATIENCE.toSeconds() + " s and was killed");
        }
    }

    @Override
    public synchronized void kill() {
        running().kill();
    }

    @Override
    public synchronized void pause() {
        running().pause();
    }

    @Override
    public synchronized void resume() {
        running().resume();
    }

    private Child running() {
        if (child == null || !child.isAlive()) {
            throw new IllegalStateException(name + " does not run: start it first");
        }
        return child;
    }

    @Override
    public Path log() {
        return folder.resolve("server.log");
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM ends, and so the hook runs too.
        }
    }

    private synchronized void end() {
        if (child != null) {
            child.kill();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // What is left lies in the folder for temporary files.
        }
    }
}
