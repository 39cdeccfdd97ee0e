// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

/** Breaks each rule in a house of its own: a rule that cannot fail protects nothing. */
class BrokenHouseTest {
    private static final String ROOT = "broken";

    /** A sound house: a class for each room. */
    private static final List<String> SOUND =
            List.of(
                    "package broken; public class Message {}",
                    "package broken.spi; public interface Sender { void send(broken.Message m); }",
                    "package broken.runtime; public class Pipeline { broken.spi.Sender sender; }",
                    "package broken.log; public class Segment {}",
                    "package broken.embedded; public class Store { broken.log.Segment segment; }",
                    "package broken.remote; public class Link implements broken.spi.Sender {"
                            + " public void send(broken.Message m) {} }",
                    "package broken.rabbitmq; public class RabbitmqLink { broken.spi.Sender sender;"
                            + " }",
                    "package broken.kafka; public class KafkaLink { broken.spi.Sender sender; }",
                    "package broken.redis; public class RedisLink { broken.spi.Sender sender; }",
                    "package broken.nats; public class NatsLink { broken.spi.Sender sender; }",
                    "package broken.zeromq; public class ZeromqLink { broken.spi.Sender sender; }",
                    "package broken.gateway; public class Hub { broken.Message last; }",
                    "package broken.http; public class Endpoint { broken.gateway.Hub hub; }",
                    "package broken.cli; class Main { broken.http.Endpoint endpoint;"
                            + " void run() { System.out.println(System.currentTimeMillis()); } }");

    /** For each rule, the class that breaks it. */
    private static final Map<String, String> BREACHES =
            Map.ofEntries(
                    entry(
                            "API stands only on what it may",
                            "package broken; class Culprit { broken.spi.Sender sender; }"),
                    entry(
                            "SPI stands only on what it may",
                            "package broken.spi; class Culprit { broken.runtime.Pipeline up; }"),
                    entry(
                            "RUNTIME stands only on what it may",
                            "package broken.runtime; class Culprit { broken.embedded.Store store;"
                                    + " }"),
                    entry(
                            "LOG stands only on what it may",
                            "package broken.log; class Culprit { broken.Message message; }"),
                    entry(
                            "EMBEDDED stands only on what it may",
                            "package broken.embedded; class Culprit { broken.remote.Link link; }"),
                    entry(
                            "REMOTE stands only on what it may",
                            "package broken.remote; class Culprit { com.rabbitmq.client.Channel"
                                    + " other; }"),
                    entry(
                            "RABBITMQ stands only on what it may",
                            "package broken.rabbitmq; class Culprit { broken.kafka.KafkaLink other;"
                                    + " }"),
                    entry(
                            "KAFKA stands only on what it may",
                            "package broken.kafka; class Culprit { broken.log.Segment other; }"),
                    entry(
                            "REDIS stands only on what it may",
                            "package broken.redis; class Culprit { broken.embedded.Store other; }"),
                    entry(
                            "NATS stands only on what it may",
                            "package broken.nats; class Culprit { broken.runtime.Pipeline other;"
                                    + " }"),
                    entry(
                            "ZEROMQ stands only on what it may",
                            "package broken.zeromq; class Culprit { broken.redis.RedisLink other;"
                                    + " }"),
                    entry(
                            "GATEWAY stands only on what it may",
                            "package broken.gateway; class Culprit { io.netty.channel.Channel c;"
                                    + " }"),
                    entry(
                            "HTTP stands only on what it may",
                            "package broken.http; class Culprit { broken.embedded.Store store; }"),
                    entry(
                            "no rooms stand on each other",
                            "package broken.spi; class Culprit { broken.runtime.Pipeline up; }"),
                    entry(
                            "GATEWAY knows no sockets",
                            "package broken.gateway; class Culprit { java.net.Socket socket; }"),
                    entry(
                            "only the command prints",
                            "package broken.log; class Culprit { void f() { System.err.print(1); }"
                                    + " }"),
                    entry("names tell a role", "package broken.runtime; class CulpritManager {}"),
                    entry(
                            "time and chance are injected",
                            "package broken.runtime; class Culprit { Object now ="
                                    + " java.time.Instant.now(); }"));

    private static final Pattern TYPE = Pattern.compile("(?:class|interface) (\\w+)");

    @TempDir Path folder;

    @Test
    void soundHouseObeysEveryRule() throws IOException {
        JavaClasses house = build(SOUND);
        assertThat(new House(ROOT).rules())
                .allSatisfy(rule -> assertThat(rule.evaluate(house).hasViolation()).isFalse());
    }

    @Test
    void everyRuleHasItsBreach() {
        assertThat(BREACHES.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        new House(ROOT).rules().stream().map(ArchRule::getDescription).toList());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void brokenRuleNamesItsCulprit(ArchRule rule) throws IOException {
        String culprit = BREACHES.get(rule.getDescription());
        JavaClasses house = build(Stream.concat(SOUND.stream(), Stream.of(culprit)).toList());
        assertThat(rule.evaluate(house).getFailureReport().toString()).contains("Culprit");
    }

    static List<ArchRule> rules() {
        return new House(ROOT).rules();
    }

    /** Compiles the sources and imports their classes. */
    private JavaClasses build(List<String> sources) throws IOException {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        Stream.Builder<String> arguments = Stream.builder();
        arguments.add("-d").add(classes.toString()).add("-proc:none");
        for (String source : sources) {
            Matcher name = TYPE.matcher(source);
            assertThat(name.find()).isTrue();
            Path file = folder.resolve(name.group(1) + ".java");
            arguments.add(Files.writeString(file, source).toString());
        }
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, arguments.build().toArray(String[]::new));
        assertThat(status).as("javac's status").isZero();
        return new ClassFileImporter().importPath(classes);
    }
}
