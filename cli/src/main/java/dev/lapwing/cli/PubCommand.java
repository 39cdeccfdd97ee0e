// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectOptions.Overflow;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.MessageBuilder;
import dev.lapwing.TopicName;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** Publishes an argument, a file, or lines. */
@Command(
        name = "pub",
        header = "Publish messages.",
        description = {
            "%nPublishes MESSAGE, or a file, or each line of standard input, and ends when all of"
                    + " it is stored. Many lines are under way at once; they are stored in order.",
            "%nA line that is refused is told on standard error with its number; the others go on."
        },
        footer = {
            "%nExamples:",
            "  lapwing pub greetings 'hello, world'",
            "  seq 1000 | lapwing pub numbers",
            "  lapwing pub orders --file orders.ndjson --lines --key customer-7",
            "  lapwing pub images --file photo.jpg --header type=image/jpeg",
            "  lapwing pub reminders 'stand up' --delay 30m --uri embedded:data"
        })
final class PubCommand implements Callable<Integer> {

    private final Streams streams;

    @Spec private @Nullable CommandSpec spec;
    @Mixin private BrokerOption broker = new BrokerOption();

    @Parameters(index = "0", paramLabel = "TOPIC", description = "Where to publish to.")
    private String topic = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "MESSAGE",
            description = "What to publish. Without it, and without --file: standard input.")
    private @Nullable String text;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Publish this file as one message; - is standard input.")
    private @Nullable String file;

    @Option(
            names = {"-l", "--lines"},
            description = "Publish each line of the file as a message.")
    private boolean lines;

    @Option(
            names = {"-k", "--key"},
            paramLabel = "KEY",
            description = "Messages of one key are handled in order.")
    private @Nullable String key;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME=VALUE",
            description = "A header; repeatable.")
    private List<String> headers = List.of();

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Publishing the same id again stores nothing twice. One message only.")
    private @Nullable String id;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            description = "How long it is worth delivering: 250ms, 30s, 5m, 12h, 7d.")
    private @Nullable Duration timeToLive;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            description = "How long to hold it back before subscribers see it.")
    private @Nullable Duration delay;

    @Option(
            names = "--max-payload",
            paramLabel = "SIZE",
            defaultValue = "${env:LAPWING_MAX_PAYLOAD:-1MiB}",
            description = {
                "The largest message that is sent.",
                "Environment: LAPWING_MAX_PAYLOAD. Default: 1MiB"
            })
    private ByteSize maxPayload = new ByteSize(1 << 20);

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress and no summary.")
    private boolean quiet;

    PubCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        checkArguments();
        TopicName.check(topic);
        try (Lapwing lapwing = broker.connect(options());
                Progress progress = Progress.of(streams, quiet, expectedBytes())) {
            var run = new PublishRun(lapwing, streams.err(), progress);
            if (isByLine()) {
                try (InputStream in = open()) {
                    run.publishLines(new LineReader(in, limit()), this::message);
                }
            } else {
                run.publish(message(wholeMessage()));
            }
            run.await();
            progress.close();
            if (!quiet) {
                streams.err().println(run.summary(topic));
            }
            return run.failed() == 0 ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private void checkArguments() {
        require(text == null || file == null, "MESSAGE and --file exclude each other");
        require(text == null || !lines, "--lines is for a file or standard input, not for MESSAGE");
        require(
                id == null || !isByLine(),
                "--id is for one message; each line would have the same id");
        require(
                headers.stream().allMatch(header -> header.indexOf('=') > 0),
                "A header is written NAME=VALUE");
    }

    private void require(boolean good, String problem) {
        if (!good && spec != null) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }

    private boolean isByLine() {
        return text == null && (lines || file == null);
    }

    private ConnectOptions options() {
        return ConnectOptions.defaults()
                .withMaxPayloadBytes(limit())
                .withInFlight(PublishRun.IN_FLIGHT, 64L << 20, Overflow.WAIT);
    }

    private int limit() {
        return (int) Math.min(maxPayload.bytes(), 1 << 30);
    }

    private long expectedBytes() throws IOException {
        return file == null || file.equals("-") ? -1 : Files.size(Path.of(file));
    }

    private InputStream open() throws IOException {
        if (file != null && !file.equals("-")) {
            return new BufferedInputStream(Files.newInputStream(Path.of(file)), 1 << 16);
        }
        if (streams.inIsTerminal() && !quiet) {
            streams.err().println("Each line is a message; Ctrl-D ends.");
        }
        return new BufferedInputStream(streams.in(), 1 << 16);
    }

    private byte[] wholeMessage() throws IOException {
        if (text != null) {
            return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        try (InputStream in = open()) {
            // One byte over the limit is enough for the refusal.
            return in.readNBytes(limit() + 1);
        }
    }

    private Message message(byte[] payload) {
        MessageBuilder message = Message.to(topic).payload(payload);
        for (String header : headers) {
            int equals = header.indexOf('=');
            message.header(header.substring(0, equals), header.substring(equals + 1));
        }
        if (id != null) {
            message.id(id);
        }
        if (key != null) {
            message.key(key);
        }
        if (timeToLive != null) {
            message.timeToLive(timeToLive);
        }
        if (delay != null) {
            message.deliverAfter(delay);
        }
        return message.build();
    }
}
