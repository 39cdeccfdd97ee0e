// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Runs the server until it is told to stop. */
@Command(
        name = "serve",
        header = "Run the server.",
        description = {
            "%nTakes events over HTTP, keeps them on disk, and hands them to WebSocket subscribers."
                    + " Prints its address on standard output as soon as it is ready.",
            "%nCtrl-C or SIGTERM ends it in order, with exit code 0: requests in flight are"
                    + " answered, subscribers are told where to go on. A second one ends it at"
                    + " once. kill -9 loses nothing that was acknowledged."
        },
        footer = {
            "%nExamples:",
            "  lapwing serve",
            "  lapwing serve --port 0 --data /var/lib/lapwing -o retention-age=7d",
            "  LAPWING_PORT=8080 lapwing serve --max-payload 4MiB",
            "  curl localhost:3030/produce/greetings -H 'content-type: application/json' -d"
                    + " '\"hi\"'"
        })
final class ServeCommand implements Callable<Integer> {

    private final Streams streams;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "${env:LAPWING_HOST:-127.0.0.1}",
            description = {
                "The address to listen on.",
                "Environment: LAPWING_HOST. Default: 127.0.0.1"
            })
    private String host = "";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            defaultValue = "${env:LAPWING_PORT:-3030}",
            description = {
                "The port to listen on; 0 picks a free one.",
                "Environment: LAPWING_PORT. Default: 3030"
            })
    private int port;

    @Option(
            names = {"-d", "--data"},
            paramLabel = "DIR",
            defaultValue = "${env:LAPWING_DATA:-data}",
            description = {
                "Where the log is kept; made if there is none.",
                "Environment: LAPWING_DATA. Default: data, in the current directory"
            })
    private Path data = Path.of("data");

    @Option(
            names = "--engine",
            paramLabel = "URI",
            defaultValue = "${env:LAPWING_ENGINE:-}",
            description = {
                "What stands behind the server instead of a log in DIR; any URI that Lapwing"
                        + " connects to, such as memory:",
                "Environment: LAPWING_ENGINE"
            })
    private String engine = "";

    @Option(
            names = {"-o", "--option"},
            paramLabel = "NAME=VALUE",
            description =
                    "An option of the engine, as in its URI: fsync, retention and more."
                            + " Repeatable; docs/cli.md lists them.")
    private Map<String, String> engineOptions = new LinkedHashMap<>();

    @Option(
            names = "--max-payload",
            paramLabel = "SIZE",
            defaultValue = "${env:LAPWING_MAX_PAYLOAD:-1MiB}",
            description = {
                "The largest event that is taken.",
                "Environment: LAPWING_MAX_PAYLOAD. Default: 1MiB"
            })
    private ByteSize maxPayload = new ByteSize(1 << 20);

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "${env:LAPWING_MAX_CONNECTIONS:-20000}",
            description = {
                "How many connections may be open.",
                "Environment: LAPWING_MAX_CONNECTIONS. Default: 20000"
            })
    private int maxConnections;

    @Option(
            names = "--max-subscriber",
            paramLabel = "SIZE",
            defaultValue = "${env:LAPWING_MAX_SUBSCRIBER:-1MiB}",
            description = {
                "How much may wait for a subscriber that reads slowly, before it is closed.",
                "Environment: LAPWING_MAX_SUBSCRIBER. Default: 1MiB"
            })
    private ByteSize maxSubscriber = new ByteSize(1 << 20);

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            split = ",",
            defaultValue = "${env:LAPWING_ALLOW_ORIGIN}",
            description = {
                "Let web pages of this origin use the server, such as https://example.org, or *."
                        + " Repeatable.",
                "Environment: LAPWING_ALLOW_ORIGIN, with commas"
            })
    private @Nullable List<String> origins;

    @Option(
            names = "--allow-public",
            defaultValue = "${env:LAPWING_ALLOW_PUBLIC:-false}",
            description = {
                "Listen on an address that other machines can reach, although anyone there may"
                        + " then publish and read: there is no authentication yet.",
                "Environment: LAPWING_ALLOW_PUBLIC=true"
            })
    private boolean allowPublic;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "${env:LAPWING_DRAIN:-10s}",
            description = {
                "How long requests and subscribers may take when it ends.",
                "Environment: LAPWING_DRAIN. Default: 10s"
            })
    private Duration drain = Duration.ofSeconds(10);

    ServeCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws InterruptedException {
        String uri = engineUri();
        var run =
                new ServerRun(
                        streams,
                        new ServerRun.Settings(
                                host,
                                port,
                                maxPayload,
                                maxConnections,
                                maxSubscriber,
                                origins == null ? Set.of() : Set.copyOf(origins),
                                allowPublic,
                                drain));
        try {
            return run.untilStopped(uri, place());
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private String engineUri() {
        boolean dataGiven =
                spec != null && spec.commandLine().getParseResult().hasMatchedOption("--data");
        if (!engine.isEmpty() && dataGiven && spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "--data and --engine exclude each other");
        }
        String base = engine.isEmpty() ? "embedded:" + data : engine;
        String options =
                engineOptions.entrySet().stream()
                        .map(option -> encode(option.getKey()) + "=" + encode(option.getValue()))
                        .collect(Collectors.joining("&"));
        return options.isEmpty() ? base : base + (base.contains("?") ? "&" : "?") + options;
    }

    private String place() {
        return engine.isEmpty()
                ? "The log is in " + data.toAbsolutePath().normalize()
                : "The engine is " + engine.replaceAll("(//[^:@/]*):[^@/]*@|\\?.*", "$1");
    }

    private RuntimeException usage(String problem) {
        return spec == null
                ? new IllegalArgumentException(problem)
                : new ParameterException(spec.commandLine(), problem);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
